import type { OrthancId } from "../dicom/uid.js";
import type { ForgottenSeries, State, StateTransaction } from "../state/state.js";

/** An instance is not in the archive any more: forget it, and let what is left of its series settle again. */
export async function forgetInstance(
  orthancId: OrthancId,
  { state, stableAfterSeconds }: { readonly state: State; readonly stableAfterSeconds: number },
): Promise<void> {
  const instance = await state.read.instance(orthancId);
  if (instance === null) return;
  await state.transaction(async (transaction) => {
    const forgotten = await transaction.deleteInstance(orthancId);
    if (forgotten !== null) await tellDestinations(forgotten, transaction);
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

/** A series that is gone settles no more: who was told of it hears so now. */
async function tellDestinations(
  { studyId, patientKey, analyses }: ForgottenSeries,
  transaction: StateTransaction,
): Promise<void> {
  const message = { destination: "fhir", aggregate: patientKey } as const;
  for (const id of analyses)
    await transaction.addMessage({ ...message, kind: "analysis", subject: String(id) });
  await transaction.addMessage({ ...message, kind: "study", subject: studyId });
}
