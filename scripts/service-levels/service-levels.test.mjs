import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { repositoryRoot } from "../local-stack/repository.mjs";
import { SERVICE_LEVELS, readResults, withTables } from "./tables.mjs";

const document = readFileSync(join(repositoryRoot, SERVICE_LEVELS), "utf8");
const machine = { cpus: 2, model: "CPU", memoryGiB: 8, node: "v22.0.0" };
const common = { date: "2026-01-31", machine, of: "this over that", target: { atMost: 1 } };

describe("the tables of measured service levels", () => {
  test("are those of the last results: npm run service-levels", async () => {
    expect(document).toBe(await withTables(document, readResults()));
  });

  test("tell a missed target, and no figure that was not measured", async () => {
    const result = {
      ...common,
      name: "load",
      metrics: { studyListP95Milliseconds: 41 },
      ratio: 2,
      met: false,
    };
    const text = await withTables(document, [result]);
    expect(text).toMatch(/study list +\| – +\| 41 ms +\| – +\|/);
    expect(text).toMatch(/`load` +\| this over that +\| 2 +\| ≤ 1 +\| \*\*missed\*\* \| 2026-01-31/);
    expect(text).not.toContain("`frames`");
  });
});
