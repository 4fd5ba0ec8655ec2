import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import {
  forgetStack,
  layOutDirectory,
  lockDirectory,
  runningStackPid,
  unlockDirectory,
} from "./stack-directory.mjs";

/** @type {string} */
let directory;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "stack-"));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const LOCKER = `
  import { lockDirectory } from ${JSON.stringify(new URL("stack-directory.mjs", import.meta.url).href)};
  process.stdout.write("ready\\n");
  process.stdin.once("data", () => {
    try {
      lockDirectory(${JSON.stringify("DIRECTORY")});
      process.stdout.write("locked\\n");
    } catch (error) {
      process.stdout.write(error.message + "\\n");
    }
  });
`;

/** Processes that try at the same moment, and what each came to. They live until all have tried. */
async function race(/** @type {number} */ count) {
  const program = LOCKER.replace("DIRECTORY", directory);
  const children = Array.from({ length: count }, () =>
    spawn(process.execPath, ["--input-type=module", "--eval", program], {
      stdio: ["pipe", "pipe", "inherit"],
    }),
  );
  await Promise.all(children.map((child) => once(child.stdout, "data")));
  const outcomes = children.map(async (child) => String((await once(child.stdout, "data"))[0]).trim());
  for (const child of children) child.stdin.write("now");
  const found = await Promise.all(outcomes);
  for (const child of children) child.kill();
  return found;
}

test("of processes that begin at once one gets the directory, also where an ended one left its lock", async () => {
  for (const left of [undefined, "", "999999 1\n", `${process.pid} 1\n`]) {
    rmSync(join(directory, "stack.lock"), { force: true });
    if (left !== undefined) writeFileSync(join(directory, "stack.lock"), left);
    const outcomes = await race(6);
    expect(outcomes.filter((outcome) => outcome === "locked")).toHaveLength(1);
    for (const outcome of outcomes) expect(outcome).toMatch(/^locked$|running already in .* \(process \d+\)/);
    expect(readdirSync(directory)).toEqual(["stack.lock"]);
  }
});

test("a directory is taken once, and again when it was given back", () => {
  lockDirectory(directory);
  expect(runningStackPid(directory)).toBe(process.pid);
  expect(() => lockDirectory(directory)).toThrow(`(process ${process.pid})`);
  unlockDirectory(directory);
  lockDirectory(directory);
});

test("to forget a stack is to remove its data, secrets and logs, not what was installed beside", () => {
  const layout = layOutDirectory(directory);
  writeFileSync(join(layout.secrets, "database-password"), "x");
  for (const installed of ["ohif", "hapi", "highdicom", "inference-servers"])
    mkdirSync(join(directory, installed));
  forgetStack(directory);
  expect(readdirSync(directory).sort()).toEqual(["hapi", "highdicom", "inference-servers", "ohif"]);
  expect(existsSync(layout.sockets)).toBe(false);
});
