import { accessOf, whoOf } from "../audit/access.js";
import type { AuditTrail } from "../audit/audit-trail.js";
import type { Source } from "../audit/source.js";
import type { Permission } from "../authorization/permissions.js";
import type { Principal } from "../authorization/principal.js";

/** What was decided for somebody who asks Orthanc itself, past nginx. */
export interface OrthancDecision {
  readonly principal: Principal;
  readonly permission: Permission;
  /** null where it is about no single study. */
  readonly studyInstanceUid: string | null;
  readonly granted: boolean;
}

export type DecisionRecord = (decision: OrthancDecision) => Promise<void>;

const READS: ReadonlySet<Permission> = new Set(["view", "download"]);

/**
 * Tells the audit trail of decisions for Orthanc's guards. The source is Orthanc: it does not say who asked it.
 * @throws ApiError 503 `audit-unavailable`: what cannot be recorded is not granted
 */
export function decisionRecord(trail: AuditTrail, source: Source): DecisionRecord {
  return async ({ principal, permission, studyInstanceUid, granted }) => {
    await trail.count(
      accessOf({
        who: whoOf(principal),
        source,
        action: READS.has(permission) ? "archive-read" : "archive-change",
        target: `orthanc:${permission}`,
        studyInstanceUids: studyInstanceUid === null ? [] : [studyInstanceUid],
        ...(granted ? {} : { outcome: "denied", reason: "orthanc-guard" }),
      }),
    );
  };
}
