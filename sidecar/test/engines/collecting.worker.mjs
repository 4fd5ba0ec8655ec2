import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

/**
 * The engines' worker thread as it is built, which also collects its garbage at each thousandth run: what memory a test
 * then sees is kept, not only not collected yet (a thread's old space grows by 12 MB before it is).
 */
const { default: infer } = await import("../../dist/inference/engines/network.worker.js");
setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc");
let runs = 0;

/** @param {unknown} task */
export default async function inferAndCollect(task) {
  if (task.work === undefined) return infer(task);
  const result = await infer(task);
  runs += 1;
  if (runs % 1_000 === 0) collectGarbage();
  return result;
}
