import { patientKeyOf, type PatientIdentity } from "../dicom/patient-key.js";
import type { Permission, UserRole } from "./permissions.js";

export type PrincipalKind = "account" | "api-key" | "client" | "oidc" | "share-link" | "hook";

/** Access to one study or patient out of one's reach, asked for with a reason. */
export interface BreakGlassGrant {
  readonly id: number;
  readonly studyInstanceUid: string | null;
  readonly patientKey: string | null;
  readonly expiresAt: Date;
}

/** Who somebody is and what they may, apart from the token they showed. */
export interface Identity {
  /** Stable: `account:7`, `api-key:12`, `client:abc`, `oidc:<issuer>#<sub>`, `share:33`, `hook:lis`. */
  readonly subject: string;
  readonly kind: PrincipalKind;
  readonly displayName: string;
  /** null where permissions were given one by one. */
  readonly role: UserRole | null;
  readonly permissions: readonly Permission[];
  /** Labels of the studies they may reach; `["*"]` is every study, labelled or not. */
  readonly labels: readonly string[];
  /** Set for a patient: their own studies only. */
  readonly patient: PatientIdentity | null;
  /** Set for a share link: these studies only. */
  readonly studyInstanceUids: readonly string[] | null;
  readonly grants: readonly BreakGlassGrant[];
}

/** Who sends a request: an identity, and the token that shows it. Never changes: a new look makes a new one. */
export interface Principal extends Omit<Identity, "permissions"> {
  readonly permissions: ReadonlySet<Permission>;
  /** Key of the patient, as study rows have it. */
  readonly patientKey: string | null;
  /** `jti` of the token, or another name of the credential; never the credential. */
  readonly tokenId: string;
  readonly expiresAt: Date;
}

export const EVERY_LABEL = "*";

/** A patient without an identity reaches nothing: the role alone never opens the archive. */
export function createPrincipal(identity: Identity, tokenId: string, expiresAt: Date): Principal {
  const { patient, role } = identity;
  const identified = patient !== null && patient.patientId !== "";
  const nobody = (role === "patient" && !identified) || (patient !== null && !identified);
  return Object.freeze({
    ...identity,
    permissions: new Set(identity.permissions),
    labels: Object.freeze([...identity.labels]),
    studyInstanceUids: nobody
      ? Object.freeze([])
      : identity.studyInstanceUids && Object.freeze([...identity.studyInstanceUids]),
    grants: Object.freeze([...identity.grants]),
    patientKey: identified ? patientKeyOf(patient) : null,
    tokenId,
    expiresAt,
  });
}

/** Whether no study is out of reach: nothing has to be looked up then. */
export function isUnrestricted(principal: Principal): boolean {
  return (
    principal.studyInstanceUids === null &&
    principal.patientKey === null &&
    principal.labels.includes(EVERY_LABEL)
  );
}
