import type { OrthancId } from "../dicom/uid.js";
import { instanceArrived, type ArrivalDependencies } from "./instance-arrived.js";

const CURSOR = "orthanc-changes";
const PAGE = 200;
const AT_ONCE = 4;

/**
 * One page of Orthanc's change log: every new instance in it arrives, then the cursor moves. A fault leaves the
 * cursor where it was, so the page is read again.
 * @returns whether more changes wait
 */
export async function followChanges(dependencies: ArrivalDependencies): Promise<"more" | "idle"> {
  const { archive, state } = dependencies;
  const since = await state.read.cursor(CURSOR);
  const page = await archive.changesSince(since, PAGE);
  const arrived = [
    ...new Set(page.changes.filter(({ type }) => type === "NewInstance").map(({ resourceId }) => resourceId)),
  ];
  await eachAtOnce(arrived, AT_ONCE, (resourceId) => instanceArrived(resourceId as OrthancId, dependencies));
  const last = page.changes.at(-1)?.sequence;
  if (last !== undefined) await state.transaction((transaction) => transaction.setCursor(CURSOR, last));
  else if ((await archive.lastChange()) < since) {
    // Orthanc's index is a new one, or somebody deleted its log: begin again.
    await state.transaction((transaction) => transaction.setCursor(CURSOR, 0));
    return "more";
  }
  return page.done ? "idle" : "more";
}

/** Runs the work over the items, a few at a time; the first fault ends it after those in progress. */
export async function eachAtOnce<T>(
  items: readonly T[],
  atOnce: number,
  work: (item: T) => Promise<void>,
): Promise<void> {
  let next = 0;
  const lane = async (): Promise<void> => {
    for (let index = next++; index < items.length; index = next++) await work(items[index] as T);
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, items.length) }, lane));
}
