import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";

const run = promisify(execFile);
const SCRIPT = fileURLToPath(new URL("../memory/analyse-long-series.mjs", import.meta.url));
const MOST_MEGABYTES = 1_500;

interface Answer {
  readonly outcome: string;
  readonly volumeMl: number;
  readonly segmentationMegabytes: number;
  readonly attentionMegabytes: number;
  readonly peakMegabytes: number;
}

async function analyse(kind: "real" | "everything"): Promise<Answer> {
  const { stdout } = await run(process.execPath, [SCRIPT, kind]);
  return JSON.parse(stdout) as Answer;
}

test("600 slices of 512 × 512 pixels through the network of a shipped model stay under 1.5 GB", async () => {
  const answer = await analyse("real");
  expect(answer.outcome).toBe("succeeded");
  expect(answer.peakMegabytes).toBeLessThan(MOST_MEGABYTES);
}, 600_000);

test("so they do when something is found in every pixel, and attention is everywhere", async () => {
  const answer = await analyse("everything");
  expect(answer.volumeMl).toBeCloseTo((600 * 512 * 512 * 0.45 * 0.45 * 0.4) / 1000, 0);
  expect(answer.segmentationMegabytes).toBeGreaterThan(19);
  expect(answer.attentionMegabytes).toBeGreaterThan(156);
  expect(answer.peakMegabytes).toBeLessThan(MOST_MEGABYTES);
}, 600_000);
