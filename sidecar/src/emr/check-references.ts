import { ApiError } from "../error-response.js";
import type { EmrTransaction } from "./emr-store.js";
import type { ClinicalKind, ContentOf, PatientRow } from "./records.js";

interface References {
  readonly patientId: string;
  readonly encounterId?: string | null;
  readonly orderId?: string | null;
  readonly observationIds?: readonly string[];
  readonly studyInstanceUids?: readonly string[];
}

/**
 * Holds the patient and sees that everything a record refers to is of that patient.
 * @throws ApiError 422 `reference-invalid`; 409 `patient-merged`, `patient-withdrawn`
 */
export async function checkReferences(
  content: ContentOf[ClinicalKind],
  transaction: EmrTransaction,
): Promise<PatientRow> {
  const {
    patientId,
    encounterId,
    orderId,
    observationIds = [],
    studyInstanceUids = [],
  }: References = content;
  const patient = await transaction.lock("patient", patientId);
  if (patient === null) throw invalid("patientId");
  demandStanding(patient);
  if (encounterId != null) {
    const encounter = await transaction.lock("encounter", encounterId);
    if (encounter?.patientId !== patientId) throw invalid("encounterId");
  }
  if (orderId != null) {
    const order = await transaction.lock("order", orderId);
    if (order?.patientId !== patientId) throw invalid("orderId");
  }
  for (const id of [...new Set(observationIds)].sort()) {
    const observation = await transaction.lock("observation", id);
    if (observation?.patientId !== patientId) throw invalid("observationIds");
  }
  const unlinked = await transaction.unlinkedStudies(patientId, studyInstanceUids);
  if (unlinked.length > 0) throw invalid("studyInstanceUids");
  return patient;
}

/** @throws ApiError 409 for a patient that was merged into another, or entered in error */
export function demandStanding({ mergedInto, status }: PatientRow): void {
  if (mergedInto !== null)
    throw new ApiError(409, "patient-merged", "The patient was merged into another.", {}, {}, { mergedInto });
  if (status === "entered-in-error")
    throw new ApiError(409, "patient-withdrawn", "The patient's record was entered in error.");
}

/** The same for what does not exist and what is another patient's. */
function invalid(member: string): ApiError {
  return new ApiError(422, "reference-invalid", `${member}: there is no such record of this patient.`);
}
