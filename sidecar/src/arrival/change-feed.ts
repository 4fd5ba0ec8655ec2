import type { OrthancId } from "../dicom/uid.js";
import { instancesArrived, type ArrivalDependencies } from "./instances-arrived.js";

const CURSOR = "orthanc-changes";
const PAGE = 200;

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
    ...new Set(
      page.changes
        .filter(({ type }) => type === "NewInstance")
        .map(({ resourceId }) => resourceId as OrthancId),
    ),
  ];
  await instancesArrived(arrived, dependencies);
  const last = page.changes.at(-1)?.sequence;
  if (last !== undefined) await state.transaction((transaction) => transaction.setCursor(CURSOR, last));
  else if ((await archive.lastChange()) < since) {
    // Orthanc's index is a new one, or somebody deleted its log: begin again.
    await state.transaction((transaction) => transaction.setCursor(CURSOR, 0));
    return "more";
  }
  return page.done ? "idle" : "more";
}
