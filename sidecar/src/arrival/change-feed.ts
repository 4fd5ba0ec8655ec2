import type { OrthancId } from "../dicom/uid.js";
import type { ToldTraces } from "./arrival-traces.js";
import { instancesArrived, type ArrivalDependencies } from "./instances-arrived.js";

const CURSOR = "orthanc-changes";
const PAGE = 200;

/**
 * One page of Orthanc's change log: every new instance in it arrives, then the cursor moves. A fault leaves the
 * cursor where it was, so the page is read again.
 * @param told the traces that notifications named
 * @returns how many instances were in it, and whether more changes wait
 */
export async function followChanges(
  dependencies: ArrivalDependencies,
  told: ToldTraces,
): Promise<{ readonly arrived: number; readonly more: boolean }> {
  const { archive, state } = dependencies;
  const since = await state.read.cursor(CURSOR);
  const page = await archive.changesSince(since, PAGE);
  const arrived = [
    ...new Set(
      page.changes
        .filter(({ type }) => type === "NewInstance")
        .map(({ resourceId }) => resourceId as OrthancId),
    ),
  ];
  await instancesArrived(arrived, dependencies, told);
  const last = page.changes.at(-1)?.sequence;
  if (last !== undefined) await state.transaction((transaction) => transaction.setCursor(CURSOR, last));
  else if ((await archive.lastChange()) < since) {
    // Orthanc's index is a new one, or somebody deleted its log: begin again.
    await state.transaction((transaction) => transaction.setCursor(CURSOR, 0));
    return { arrived: 0, more: true };
  }
  return { arrived: arrived.length, more: !page.done };
}
