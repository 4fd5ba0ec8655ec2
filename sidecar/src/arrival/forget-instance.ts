import type { OrthancId } from "../dicom/uid.js";
import type { State } from "../state/state.js";

/** An instance is not in the archive any more: forget it, and let what is left of its series settle again. */
export async function forgetInstance(
  orthancId: OrthancId,
  { state, stableAfterSeconds }: { readonly state: State; readonly stableAfterSeconds: number },
): Promise<void> {
  const instance = await state.read.instance(orthancId);
  if (instance === null) return;
  await state.transaction(async (transaction) => {
    await transaction.deleteInstance(orthancId);
    // Its analysis and the ImagingStudy are of fewer instances now.
    await transaction.openSeries(instance.seriesId, stableAfterSeconds);
    await transaction.appendEvent({
      event: "instance.deleted",
      studyInstanceUid: instance.studyInstanceUid,
      seriesInstanceUid: instance.seriesInstanceUid,
      sopInstanceUid: instance.sopInstanceUid,
    });
  });
}
