import type { OrthancId } from "../dicom/uid.js";
import { forgetInstance } from "./forget-instance.js";
import { instancesArrived, type ArrivalDependencies } from "./instances-arrived.js";

export interface SweepOutcome {
  readonly found: number;
  readonly deleted: number;
}

/**
 * Compares everything in the archive with everything known here: instances that nobody told of arrive, those that
 * are gone are forgotten. The change log is not complete (facts: deleted and overwritten resources vanish from it).
 */
export async function sweep(dependencies: ArrivalDependencies): Promise<SweepOutcome> {
  const { archive, state, log } = dependencies;
  const known = await state.read.instanceIds();
  const unknown: OrthancId[] = [];
  for await (const { orthancId, fileUuid } of archive.listInstances()) {
    if (known.get(orthancId) !== fileUuid) unknown.push(orthancId);
    known.delete(orthancId);
  }
  await instancesArrived(unknown, dependencies);
  let deleted = 0;
  for (const orthancId of known.keys()) {
    // It may have arrived while the list was being read.
    if ((await archive.fileUuid(orthancId)) !== null) continue;
    await forgetInstance(orthancId, dependencies);
    deleted += 1;
  }
  if (unknown.length + deleted > 0) log.info({ found: unknown.length, deleted }, "sweep");
  return { found: unknown.length, deleted };
}
