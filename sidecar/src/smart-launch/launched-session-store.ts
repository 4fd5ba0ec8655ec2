import type { UserRole } from "../authorization/permissions.js";
import type { PatientIdentity } from "../dicom/patient-key.js";

/** A session that an EMR's launch opened: one person, one patient, for a time. */
export interface LaunchedSession {
  /** UUID; no secret. */
  readonly id: string;
  /** `oidc:<issuer>#<sub>` */
  readonly subject: string;
  readonly displayName: string;
  readonly role: UserRole;
  readonly labels: readonly string[];
  readonly patient: PatientIdentity;
  readonly expiresAt: Date;
}

export interface LaunchedSessionStore {
  /** Uses a launch up, by the hash of its state; false when it was used before. */
  useLaunch(stateHash: string, keptUntil: Date): Promise<boolean>;
  add(session: LaunchedSession, secretHash: string): Promise<void>;
  /** A session in force; null when it has ended. */
  find(id: string): Promise<LaunchedSession | null>;
  /** The same, for whoever knows its secret. */
  findBySecret(id: string, secretHash: string): Promise<LaunchedSession | null>;
  /** Ends it. */
  end(id: string): Promise<void>;
}
