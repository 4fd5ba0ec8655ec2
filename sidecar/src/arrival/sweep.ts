import type { OrthancId } from "../dicom/uid.js";
import { forgetInstance } from "./forget-instance.js";
import { instancesArrived, type ArrivalDependencies } from "./instances-arrived.js";

export interface SweepOutcome {
  readonly found: number;
  readonly deleted: number;
}

/**
 * Compares everything in the archive with everything known here: instances that nobody told of arrive, those that
 * are gone are forgotten; those refused before are not looked at again unless their file changed. The change log is not complete (facts: deleted and overwritten resources vanish from it).
 */
export async function sweep(dependencies: ArrivalDependencies): Promise<SweepOutcome> {
  const { archive, state, log } = dependencies;
  const [known, refused] = await Promise.all([state.read.instanceIds(), state.read.refusedInstances()]);
  const unknown: OrthancId[] = [];
  for await (const { orthancId, fileUuid } of archive.listInstances()) {
    if (known.has(orthancId)) {
      if (known.get(orthancId) !== fileUuid) unknown.push(orthancId);
      known.delete(orthancId);
    } else {
      if (refused.get(orthancId) !== fileUuid) unknown.push(orthancId);
      refused.delete(orthancId);
    }
  }
  await instancesArrived(unknown, dependencies);
  let deleted = 0;
  for (const orthancId of known.keys()) {
    // It may have arrived while the list was being read.
    if ((await archive.fileUuid(orthancId)) !== null) continue;
    await forgetInstance(orthancId, dependencies);
    deleted += 1;
  }
  // Gone from the archive, or admitted since.
  for (const orthancId of refused.keys()) {
    if ((await archive.fileUuid(orthancId)) !== null && (await state.read.instance(orthancId)) === null)
      continue;
    await state.transaction((transaction) => transaction.forgetRefusedInstance(orthancId));
  }
  if (unknown.length + deleted > 0) log.info({ found: unknown.length, deleted }, "sweep");
  return { found: unknown.length, deleted };
}
