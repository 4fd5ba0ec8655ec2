import { Worker } from "node:worker_threads";

const LONGEST_MILLISECONDS = 60_000;

/** In a thread of its own: where a case loops for ever, no timer of this one is ever called. */
const WATCH = `
const { writeSync } = require("node:fs");
const { workerData } = require("node:worker_threads");
let [last, since] = [-1, Date.now()];
setInterval(() => {
  const cases = Atomics.load(workerData.cases, 0);
  if (cases === 0 || cases !== last) [last, since] = [cases, Date.now()];
  if (Date.now() - since < workerData.longest) return;
  writeSync(2, "Case " + cases + " of this file's fuzz tests hangs: the process is killed.\\n");
  process.kill(process.pid, "SIGKILL");
}, 1_000);
`;

/**
 * Ends the process, and so fails the file, when a case takes the event loop and does not give it back.
 * @returns to be called at the beginning of each case
 */
export function startWatchdog(): () => void {
  const cases = new Int32Array(new SharedArrayBuffer(4));
  new Worker(WATCH, { eval: true, workerData: { cases, longest: LONGEST_MILLISECONDS } }).unref();
  return () => Atomics.add(cases, 0, 1);
}
