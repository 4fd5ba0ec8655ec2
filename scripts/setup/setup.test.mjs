import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { hashOf } from "./build.mjs";
import { missingFrom } from "./debian-packages.mjs";
import { requireNode } from "./node-modules.mjs";

test("a package counts as there only when it is installed, not when it was removed", () => {
  const listing = "orthanc installed\nnginx config-files\n";
  expect(missingFrom(["orthanc", "nginx", "redis-server"], listing)).toEqual(["nginx", "redis-server"]);
});

test("a Node that is too old is refused with the one that is needed", () => {
  expect(() => requireNode("18.20.0")).toThrow("needs 20.19");
  expect(() => requireNode("20.18.1")).toThrow("too old");
  expect(() => requireNode("20.19.0")).not.toThrow();
  expect(() => requireNode("22.1.0")).not.toThrow();
});

test("a build is repeated when a source changes, also to the same length", () => {
  const directory = mkdtempSync(join(tmpdir(), "hash-"));
  writeFileSync(join(directory, "a.ts"), "one");
  const before = hashOf(directory, ["a.ts", "not-there"]);
  expect(hashOf(directory, ["a.ts", "not-there"])).toBe(before);
  writeFileSync(join(directory, "a.ts"), "two");
  expect(hashOf(directory, ["a.ts", "not-there"])).not.toBe(before);
});
