import type { Permission } from "./permissions.js";
import { EVERY_LABEL, isUnrestricted, type BreakGlassGrant, type Principal } from "./principal.js";
import type { StudyFacts } from "./study-directory.js";

/** Why not. Stable: audit rows and tests hold it. */
export type DenialReason =
  | "token-expired"
  | "permission-missing"
  | "study-unknown"
  | "study-of-another-patient"
  | "study-not-listed"
  | "label-missing";

export type Decision =
  | { readonly granted: true; readonly breakGlassId: number | null }
  | { readonly granted: false; readonly reason: DenialReason };

/** What access gained by break-glass is good for: looking and writing down, not handing on. */
const BREAK_GLASS_PERMISSIONS: ReadonlySet<Permission> = new Set(["view", "download", "annotate"]);
const GRANTED: Decision = Object.freeze({ granted: true, breakGlassId: null });

/**
 * May this principal do this to this study? Touches nothing but its arguments.
 * @param studies every study that has the UID asked for. Orthanc answers for all of them, so all must be reached.
 */
export function decide(
  principal: Principal,
  permission: Permission,
  studies: readonly StudyFacts[],
  now: number = Date.now(),
): Decision {
  const early = decideWithoutStudy(principal, permission, now);
  if (early !== undefined) return early;
  if (studies.length === 0) return denied("study-unknown");
  let breakGlassId: number | null = null;
  for (const study of studies) {
    const reason = outOfReach(principal, study);
    if (reason === undefined) continue;
    const grant = BREAK_GLASS_PERMISSIONS.has(permission) ? grantFor(principal, study, now) : undefined;
    if (grant === undefined) return denied(reason);
    breakGlassId = grant.id;
  }
  return breakGlassId === null ? GRANTED : { granted: true, breakGlassId };
}

/** The decision where no study has to be looked at; undefined where one has. */
export function decideWithoutStudy(
  principal: Principal,
  permission: Permission,
  now: number = Date.now(),
): Decision | undefined {
  if (principal.expiresAt.getTime() <= now) return denied("token-expired");
  if (!principal.permissions.has(permission)) return denied("permission-missing");
  // Also for studies that are not known yet: they are in Orthanc a moment before they are here.
  return isUnrestricted(principal) ? GRANTED : undefined;
}

function outOfReach(principal: Principal, study: StudyFacts): DenialReason | undefined {
  if (principal.studyInstanceUids?.includes(study.studyInstanceUid) === false) return "study-not-listed";
  if (principal.patientKey !== null && principal.patientKey !== study.patientKey)
    return "study-of-another-patient";
  if (principal.labels.includes(EVERY_LABEL)) return undefined;
  return principal.labels.some((label) => study.labels.includes(label)) ? undefined : "label-missing";
}

function grantFor(principal: Principal, study: StudyFacts, now: number): BreakGlassGrant | undefined {
  return principal.grants.find(
    ({ expiresAt, studyInstanceUid, patientKey }) =>
      expiresAt.getTime() > now &&
      (studyInstanceUid === study.studyInstanceUid ||
        (patientKey !== null && patientKey === study.patientKey)),
  );
}

function denied(reason: DenialReason): Decision {
  return { granted: false, reason };
}
