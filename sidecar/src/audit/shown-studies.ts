import type { Access } from "./access.js";
import type { AuditTrail } from "./audit-trail.js";

/** What a row says that tells of a study in the answer to a search or list. */
export const SHOWN = "shown";
/** Of somebody who reaches every study, searches that show more than this are not about one patient. */
export const MOST_SHOWN_OF_ALL = 50;

/**
 * Records which studies a search or list has shown, one row for each study and person while they go on searching: who
 * asks for a patient's name has seen the patient's data, also when they open nothing.
 * @throws ApiError 503 `audit-unavailable`
 */
export async function recordShown(
  access: Access,
  studyInstanceUids: readonly string[],
  trail: AuditTrail,
): Promise<void> {
  await Promise.all(
    studyInstanceUids.map(async (studyInstanceUid) => {
      await trail.count({ ...access, target: SHOWN, patient: null, studyInstanceUids: [studyInstanceUid] });
    }),
  );
}
