import { setUp } from "../scripts/setup/setup.mjs";
import { record } from "./measure/result.mjs";

/** `npm run bench -- NAME`: runs one benchmark, prints one line, writes benchmarks/results/NAME.json. */
const BENCHMARKS = /** @type {const} */ ([
  "transcode",
  "ingest",
  "frames",
  "first-image",
  "scroll",
  "arrival",
  "authorize",
  "outbox",
  "inference",
]);

const name = BENCHMARKS.find((known) => known === process.argv[2]);
if (name === undefined) {
  console.error(`Which benchmark? One of: ${BENCHMARKS.join(", ")}`);
  process.exitCode = 64;
} else {
  setUp({ forTests: true });
  const { measure } = await import(`./${name}.mjs`);
  record(name, await measure());
  process.exit();
}
