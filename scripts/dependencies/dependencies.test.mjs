import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { repositoryRoot } from "../local-stack/repository.mjs";
import { roomGraph } from "./modules.mjs";
import { PAGE, page } from "./page.mjs";
import { ranks } from "./ranks.mjs";

/** @param {Record<string, string[]>} needs */
const graph = (needs) => new Map(Object.entries(needs).map(([node, others]) => [node, new Set(others)]));

describe("dependencies", () => {
  // Reading a thousand modules takes its time.
  test("are as they are drawn, without a circle: npm run dependencies", { timeout: 120_000 }, async () => {
    expect(readFileSync(join(repositoryRoot, PAGE), "utf8")).toBe(await page());
  });

  test("what needs nothing comes first, and a circle is named", () => {
    expect([...ranks(graph({ a: ["b", "c"], b: ["c"], c: [] }))]).toEqual([
      ["c", 0],
      ["b", 1],
      ["a", 2],
    ]);
    expect(() => ranks(graph({ a: ["b"], b: ["c"], c: ["b"] }))).toThrow("a circle: b → c → b");
  });

  test("a room needs what any of its modules needs, and not itself", () => {
    const modules = graph({
      "sidecar/src/a/x.ts": ["sidecar/src/a/y.ts", "sidecar/src/b/deep/z.ts", "sidecar/src/log.ts"],
      "sidecar/src/a/y.ts": [],
      "sidecar/src/b/deep/z.ts": [],
      "sidecar/src/log.ts": [],
    });
    expect(roomGraph(modules)).toEqual(
      graph({ "sidecar: a/": ["sidecar: b/", "sidecar: log.ts"], "sidecar: b/": [], "sidecar: log.ts": [] }),
    );
  });
});
