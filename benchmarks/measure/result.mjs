import { mkdirSync, writeFileSync } from "node:fs";
import { cpus, totalmem } from "node:os";
import { fileURLToPath } from "node:url";
import { join } from "node:path";

const RESULTS = fileURLToPath(new URL("../results", import.meta.url));

/**
 * @typedef {object} Measurement
 * @property {Record<string, number>} metrics  units in the names
 * @property {number} ratio       against something in the same run; what it is of stands in `of`
 * @property {string} of
 * @property {{ atLeast?: number, atMost?: number }} target
 */

/**
 * Writes a result and prints its line.
 *
 * @param {string} name
 * @param {Measurement} measurement
 */
export function record(name, { metrics, ratio, of, target }) {
  const [cpu] = cpus();
  const result = {
    name,
    date: new Date().toISOString().slice(0, 10),
    machine: {
      cpus: cpus().length,
      model: cpu?.model ?? "",
      memoryGiB: Math.round(totalmem() / 2 ** 30),
      node: process.version,
    },
    metrics: Object.fromEntries(Object.entries(metrics).map(([key, value]) => [key, rounded(value)])),
    ratio: rounded(ratio),
    of,
    target,
    met:
      (target.atLeast === undefined || ratio >= target.atLeast) &&
      (target.atMost === undefined || ratio <= target.atMost),
  };
  mkdirSync(RESULTS, { recursive: true });
  writeFileSync(join(RESULTS, `${name}.json`), `${JSON.stringify(result, null, 2)}\n`);
  const limit = target.atLeast === undefined ? `≤ ${target.atMost}` : `≥ ${target.atLeast}`;
  console.log(
    `${name}: ${result.ratio} (target ${limit}, ${result.met ? "met" : "NOT met"}) ${of} ${JSON.stringify(result.metrics)}`,
  );
}

/** @param {readonly number[]} values */
export function median(values) {
  return percentile(values, 0.5);
}

/**
 * @param {readonly number[]} values
 * @param {number} share from 0 to 1
 */
export function percentile(values, share) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}

/** @param {number} value */
function rounded(value) {
  return Number(value.toPrecision(4));
}
