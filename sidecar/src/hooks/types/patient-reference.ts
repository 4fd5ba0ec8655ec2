import { z } from "zod";
import type { PatientIdentity } from "../../dicom/patient-key.js";
import { dicomLine } from "../../emr/content/text.js";
import { emrReachOf } from "../../emr/emr-reach.js";
import type { EmrStore } from "../../emr/emr-store.js";
import type { PatientRow } from "../../emr/records.js";
import { ApiError } from "../../error-response.js";
import type { HookWork } from "../hook-type.js";

/** A patient as integrators name one; without an issuer it is the source's. */
export const patientReference = z.strictObject({ value: dicomLine(64), issuer: dicomLine(64).optional() });
export type PatientReference = z.output<typeof patientReference>;

/** @throws ApiError 422 `reference-invalid`, also for a patient out of the source's reach */
export async function findPatient(
  member: string,
  { value, issuer }: PatientReference,
  work: HookWork,
  emr: EmrStore,
): Promise<PatientRow> {
  const identifier = { issuer: issuer ?? work.issuer, value };
  const { records } = await emr.search(
    "patient",
    { limit: 1, after: null, identifier },
    emrReachOf(work.principal),
  );
  const [patient] = records;
  if (patient === undefined)
    throw new ApiError(422, "reference-invalid", `${member}: there is no patient with this identifier.`);
  return patient;
}

/** A patient as the audit trail has one. */
export function identityOf({ identifiers: [primary] }: PatientRow): PatientIdentity {
  return { issuerOfPatientId: primary?.issuer ?? "", patientId: primary?.value ?? "" };
}
