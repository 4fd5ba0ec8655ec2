import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { format } from "prettier";
import { repositoryRoot } from "../local-stack/repository.mjs";

/** Where the tables are, from the root. */
export const SERVICE_LEVELS = "docs/sla.md";
const RESULTS = join(repositoryRoot, "benchmarks/results");
const [BEGIN, END] = ["<!-- measured: begin -->", "<!-- measured: end -->"];

/**
 * @typedef {object} Result  as benchmarks/measure/result.mjs writes it
 * @property {string} name
 * @property {string} date
 * @property {{ cpus: number, model: string, memoryGiB: number, node: string }} machine
 * @property {Readonly<Record<string, number>>} metrics
 * @property {number} ratio
 * @property {string} of
 * @property {{ atLeast?: number, atMost?: number }} target
 * @property {boolean} met
 */

/**
 * What a user waits for: benchmark, beginning of the metrics' names, unit of theirs.
 * @type {readonly (readonly [string, string, string, "Milliseconds" | "Seconds"])[]}
 */
const WAITS = [
  ["API, 100 users: study list", "load", "studyList", "Milliseconds"],
  ["API, 100 users: a study", "load", "study", "Milliseconds"],
  ["API, 100 users: decision about a result", "load", "review", "Milliseconds"],
  ["API, 100 users: login", "load", "login", "Milliseconds"],
  ["images, 100 users: metadata of a series", "load", "metadata", "Milliseconds"],
  ["images, 100 users: an HTJ2K frame", "load", "frame", "Milliseconds"],
  ["images, 100 users: thumbnail", "load", "thumbnail", "Milliseconds"],
  ["an HTJ2K frame, one client", "frames", "", "Milliseconds"],
  ["first picture of a CT, 20 Mbit/s", "first-image", "ctFirst", "Milliseconds"],
  ["whole picture of a CT, 20 Mbit/s", "first-image", "ctWhole", "Milliseconds"],
  ["first picture of a mammogram, 20 Mbit/s", "first-image", "mammogramFirst", "Milliseconds"],
  ["page to whole picture of a CT, 20 Mbit/s", "first-image", "ctPage", "Milliseconds"],
  [
    "last of 24 slices to SEG, SR and DiagnosticReport, beyond window and network",
    "arrival",
    "",
    "Milliseconds",
  ],
  ["one image to its ImagingStudy", "arrival", "singleImage", "Milliseconds"],
  ["change to the FHIR server that has it, 100 patients", "outbox", "", "Milliseconds"],
  ["saving a patient, OpenEMR away and its breaker open", "degraded", "", "Milliseconds"],
  ["check of a token", "authorize", "validation", "Milliseconds"],
  ["an event, from the first to the last of 1,000 clients", "sockets", "firstToLast", "Milliseconds"],
];

/** @returns {Result[]} by name */
export function readResults() {
  return readdirSync(RESULTS)
    .filter((file) => file.endsWith(".json"))
    .sort()
    .map((file) => JSON.parse(readFileSync(join(RESULTS, file), "utf8")));
}

/**
 * The document with what the benchmarks measured between its marks.
 *
 * @param {string} document
 * @param {readonly Result[]} results
 */
export async function withTables(document, results) {
  const [begin, end] = [document.indexOf(BEGIN), document.indexOf(END)];
  if (begin < 0 || end < begin) throw new Error(`${SERVICE_LEVELS} has no marks`);
  const tables = `${BEGIN}\n\n${waits(results)}\n\n${targets(results)}\n\n`;
  return format(document.slice(0, begin) + tables + document.slice(end), {
    parser: "markdown",
    printWidth: 110,
  });
}

/** @param {readonly Result[]} results */
function waits(results) {
  const rows = WAITS.flatMap(([what, benchmark, metric, unit]) => {
    const result = results.find(({ name }) => name === benchmark);
    if (result === undefined) return [];
    const of = (/** @type {string} */ share) => {
      const name = `${metric}${share}${unit}`;
      return result.metrics[name.charAt(0).toLowerCase() + name.slice(1)];
    };
    const shares = [of("P50") ?? of(""), of("P95"), of("P99")];
    if (shares.every((share) => share === undefined)) return [];
    const cells = shares.map((share) => (share === undefined ? "–" : `${share} ms`));
    return [`| ${[what, ...cells, `\`${benchmark}\``].join(" | ")} |`];
  });
  return [
    "| what one waits for | p50 | p95 | p99 | benchmark |",
    "| --- | --- | --- | --- | --- |",
    ...rows,
  ].join("\n");
}

/** @param {readonly Result[]} results */
function targets(results) {
  const rows = results.map(({ name, date, machine, ratio, of, target, met }) => {
    const limit = target.atLeast === undefined ? `≤ ${target.atMost}` : `≥ ${target.atLeast}`;
    const on = `${machine.cpus} × ${machine.model}, ${machine.memoryGiB} GiB, Node ${machine.node}`;
    return `| \`${name}\` | ${of} | ${ratio} | ${limit} | ${met ? "met" : "**missed**"} | ${date} | ${on} |`;
  });
  return [
    "| benchmark | ratio of | ratio | target | | measured | on |",
    "| --- | --- | --- | --- | --- | --- | --- |",
    ...rows,
  ].join("\n");
}
