import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { setUp } from "../scripts/setup/setup.mjs";
import { record } from "./measure/result.mjs";

/**
 * `npm run bench -- NAME`: runs one benchmark, prints one line, writes benchmarks/results/NAME.json. `all` runs each, in a
 * process of its own, and writes the tables of docs/sla.md.
 */
const BENCHMARKS = /** @type {const} */ ([
  "transcode",
  "ingest",
  "frames",
  "first-image",
  "scroll",
  "arrival",
  "authorize",
  "outbox",
  "degraded",
  "inference",
  "sockets",
  "load",
]);
const SELF = fileURLToPath(import.meta.url);
const SERVICE_LEVELS = fileURLToPath(new URL("../scripts/service-levels/write.mjs", import.meta.url));

const [, , asked] = process.argv;
const name = BENCHMARKS.find((known) => known === asked);
if (asked === "all") {
  setUp({ forTests: true });
  const failed = BENCHMARKS.filter((each) => !succeeds([SELF, each]));
  if (failed.length > 0) console.error(`These ended with an error: ${failed.join(", ")}`);
  process.exitCode = succeeds([SERVICE_LEVELS]) && failed.length === 0 ? 0 : 1;
} else if (name === undefined) {
  console.error(`Which benchmark? One of: ${BENCHMARKS.join(", ")}, or all`);
  process.exitCode = 64;
} else {
  setUp({ forTests: true });
  const { measure } = await import(`./${name}.mjs`);
  record(name, await measure());
  process.exit();
}

/** @param {readonly string[]} args */
function succeeds(args) {
  return spawnSync(process.execPath, args, { stdio: "inherit" }).status === 0;
}
