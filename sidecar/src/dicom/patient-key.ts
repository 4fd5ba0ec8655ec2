import { createHash } from "node:crypto";

/** A patient as images name them: Patient ID (0010,0020) within its issuer (0010,0021), which may be empty. */
export interface PatientIdentity {
  readonly issuerOfPatientId: string;
  readonly patientId: string;
}

/** The key a patient has in the database: exact, whatever the collation of a text column. */
export function patientKeyOf({ issuerOfPatientId, patientId }: PatientIdentity): string {
  if (patientId === "") throw new RangeError("without a Patient ID there is no patient to speak of");
  return createHash("sha256").update(["patient", issuerOfPatientId, patientId].join("\u0000")).digest("hex");
}
