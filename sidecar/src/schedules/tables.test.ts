import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { LOOPS } from "./loops.js";
import { schedulesTables } from "./tables.js";

const cells = (table: string) =>
  table
    .split("\n")
    .filter((line) => line.startsWith("|") && !/^[|\s-]+$/.test(line))
    .map((line) => line.split("|").map((cell) => cell.trim()));

test("docs/schedules.md has these tables", () => {
  const documented = readFileSync(new URL("../../../docs/schedules.md", import.meta.url), "utf8");
  expect(cells(documented.split("\n## Changes\n")[0] ?? "")).toEqual(cells(schedulesTables()));
});

test("every repetition of the program is in the table, and the reverse", () => {
  const roles = new URL("../roles/", import.meta.url);
  const sources = readdirSync(roles)
    .filter((name) => name.endsWith(".ts"))
    .map((name) => readFileSync(new URL(name, roles), "utf8"));
  // The name of a lane begins with that of its loop: `delivery-fhir-0`.
  const repeated = sources.flatMap((source) =>
    [...source.matchAll(/(?:repeat|runLanes)\(\s*["`]([^"`$]+?)-?(?:\$\{[^`]*)?["`]/g)].map(
      ([, name]) => name,
    ),
  );
  expect(new Set(repeated)).toEqual(new Set(Object.keys(LOOPS)));
});
