import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";
import { completionFor } from "./completion.js";
import { helpOf, usageEntries } from "./help.js";
import { USAGE } from "./usage.js";

/** What a shell offers behind these words; the last one is being typed. */
function offered(...words: string[]): string[] {
  const script = `${completionFor("bash", USAGE) ?? ""}
    COMP_WORDS=(neuronova "$@"); COMP_CWORD=$#; _neuronova; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const output = execFileSync("bash", ["-c", script, "bash", ...words], { encoding: "utf8" });
  return output.split("\n").filter((word) => word !== "");
}

test("every command of the help is in the table, with its options", () => {
  const entries = usageEntries(USAGE);
  expect(entries.length).toBeGreaterThan(40);
  expect(entries.filter(({ command }) => command === "")).toEqual([]);
  const backfill = entries.find(({ subcommands }) => subcommands.includes("backfill"));
  expect(backfill).toMatchObject({ command: "htj2k", subcommands: ["backfill"] });
  expect(backfill?.options).toContain("--dry-run");
});

test("--help shows a command's own lines, and all of its family without a second word", () => {
  expect(helpOf(USAGE, ["outbox", "drop", "--help"])).toMatch(/^neuronova outbox drop ID .*\n$/);
  expect(helpOf(USAGE, ["outbox", "--help"])?.match(/^neuronova /gm)).toHaveLength(5);
  expect(helpOf(USAGE, ["hooks", "enable", "--help"])).toMatch(/^neuronova hooks enable\|disable\|remove/);
  expect(helpOf(USAGE, ["--help"])).toBe(USAGE);
  expect(helpOf(USAGE, ["none", "--help"])).toBeUndefined();
});

test("bash completes commands, what follows them, and options", () => {
  expect(offered("")).toEqual(expect.arrayContaining(["account", "doctor", "hooks", "htj2k", "help"]));
  expect(offered("ht")).toEqual(["htj2k"]);
  expect(offered("htj2k", "")).toEqual(["status", "backfill", "retention", "verify"]);
  expect(offered("htj2k", "backfill", "--s")).toEqual(["--study", "--since"]);
  expect(offered("doctor", "--")).toEqual(["--json", "--help"]);
  expect(offered("none", "")).toEqual([]);
});

test("zsh completes as bash does, fish by lines of its own; other shells are not known", () => {
  expect(completionFor("zsh", USAGE)).toContain("bashcompinit");
  expect(completionFor("fish", USAGE)).toMatch(/^complete -c neuronova .* -l dry-run$/m);
  expect(completionFor("cmd", USAGE)).toBeUndefined();
});
