import { createHash } from "node:crypto";

/** A patient as images name them: Patient ID (0010,0020) within its issuer (0010,0021), which may be empty. */
export interface PatientIdentity {
  readonly issuerOfPatientId: string;
  readonly patientId: string;
}

/** The key a patient has in the database: exact, whatever the collation of a text column. */
export function patientKeyOf({ issuerOfPatientId, patientId }: PatientIdentity): string {
  if (patientId === "") throw new RangeError("without a Patient ID there is no patient to speak of");
  return sha256(["patient", issuerOfPatientId, patientId]);
}

/**
 * The key a study's row has. Without a Patient ID nobody knows whether two studies are of one patient: each study is
 * then a patient of its own.
 */
export function patientKeyOfStudy(patient: PatientIdentity, studyInstanceUid: string): string {
  return patient.patientId === "" ? sha256(["study", studyInstanceUid]) : patientKeyOf(patient);
}

function sha256(identity: readonly string[]): string {
  return createHash("sha256").update(identity.join("\u0000")).digest("hex");
}
