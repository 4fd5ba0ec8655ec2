import type { PrincipalKind } from "../authorization/principal.js";
import type { Principal } from "../authorization/principal.js";
import type { PatientIdentity } from "../dicom/patient-key.js";
import type { Source } from "./source.js";

/** What somebody did, or tried to do. Stable: rows, filters and exports hold it. */
export const AUDIT_ACTIONS = [
  "view",
  "download",
  "upload",
  "annotate",
  "annotation-remove",
  "search",
  "list",
  "listen",
  "launch",
  "share-mint",
  "share-read",
  "share-exchange",
  "share-renew",
  "share-revoke",
  "break-glass-ask",
  "break-glass-read",
  "break-glass-end",
  "break-glass-acknowledge",
  "login",
  "refresh",
  "logout",
  "token",
  "password-change",
  "account-read",
  "account-change",
  "api-key-read",
  "api-key-change",
  "client-read",
  "client-change",
  "webhook-read",
  "webhook-change",
  "hook-receive",
  "hook-read",
  "hook-change",
  "label-change",
  "result-read",
  "result-review",
  "work-read",
  "work-change",
  "job-read",
  "job-change",
  "archive-read",
  "archive-change",
  "emr-read",
  "emr-search",
  "emr-create",
  "emr-change",
  "identity-read",
  "identity-change",
  "audit-read",
  "audit-verify",
  "audit-export",
  "audit-retention",
] as const;
export type AuditAction = (typeof AUDIT_ACTIONS)[number];

export const AUDIT_OUTCOMES = ["granted", "denied", "failure"] as const;
/** `granted`: let through. `denied`: refused, for the reason beside it. `failure`: let through, and did not work. */
export type AuditOutcome = (typeof AUDIT_OUTCOMES)[number];

/** Who it was, as far as is known; never the credential. */
export interface Who {
  /** Empty when nobody was recognised. */
  readonly subject: string;
  readonly kind: PrincipalKind | "command" | "program" | "unknown";
  readonly displayName: string;
  readonly role: string | null;
  /** `jti` of the token, or another name of the credential. */
  readonly tokenId: string;
}

export const NOBODY: Who = Object.freeze({
  subject: "",
  kind: "unknown",
  displayName: "",
  role: null,
  tokenId: "",
});

export function whoOf({ subject, kind, displayName, role, tokenId }: Principal): Who {
  return { subject, kind, displayName, role, tokenId };
}

/** One access, as the place that decides about it tells it. */
export interface Access {
  readonly who: Who;
  readonly source: Source;
  readonly action: AuditAction;
  /** What else it was on: `account:7`, `share:5`, the kind of search. Never a name, a query or a token. */
  readonly target: string;
  readonly outcome: AuditOutcome;
  /** A stable code; null where all is well. */
  readonly reason: string | null;
  readonly studyInstanceUids: readonly string[];
  /** The patient, where no study tells it. */
  readonly patient: PatientIdentity | null;
  /** The break-glass access that opened the way. */
  readonly breakGlassId: number | null;
}

/** What an access is when nothing more is known of it. */
export function accessOf(
  given: Pick<Access, "who" | "source" | "action"> & Partial<Omit<Access, "who" | "source" | "action">>,
): Access {
  return {
    target: "",
    outcome: "granted",
    reason: null,
    studyInstanceUids: [],
    patient: null,
    breakGlassId: null,
    ...given,
  };
}
