import { expect, test } from "vitest";
import { COMMANDS } from "./commands.js";
import { usageEntries } from "./help.js";
import { USAGE } from "./usage.js";

test("every command that the help has is there, and no other", () => {
  const told = new Set(usageEntries(USAGE).map(({ command }) => command));
  expect(Object.keys(COMMANDS).sort()).toEqual([...told].sort());
});

test.each(Object.entries(COMMANDS))("%s can be read", async (_name, load) => {
  expect(typeof (await load())).toBe("function");
});
