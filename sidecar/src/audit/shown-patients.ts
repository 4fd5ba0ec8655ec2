import type { PatientIdentity } from "../dicom/patient-key.js";
import type { Access } from "./access.js";
import type { AuditTrail } from "./audit-trail.js";

/** A patient whose record is in the answer to a search. */
export interface ShownPatient extends PatientIdentity {
  readonly recordId: string;
}

/**
 * Records which patients a search has shown, one row for each patient and person while they go on searching.
 * @throws ApiError 503 `audit-unavailable`
 */
export async function recordShownPatients(
  access: Access,
  patients: readonly ShownPatient[],
  trail: AuditTrail,
): Promise<void> {
  await Promise.all(
    patients.map(async ({ recordId, ...patient }) => {
      await trail.count({ ...access, target: `patient:${recordId}`, patient, studyInstanceUids: [] });
    }),
  );
}
