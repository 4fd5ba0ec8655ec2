import { isUnrestricted, type Principal } from "../authorization/principal.js";
import { studyFilterOf, type StudyFilter } from "../authorization/study-filter.js";

/** Whose records somebody reaches. */
export type EmrReach =
  | { readonly everybody: true }
  | {
      readonly everybody: false;
      /** The persons with an identifier of this key, and whom they were merged into. */
      readonly patientKeys: readonly string[];
      /** Those with a linked study among these; null: no study opens a record. */
      readonly studies: StudyFilter | null;
    };

/**
 * Who reaches every study reaches every record; a patient reaches their own; of everybody else, the studies they reach
 * open the records of those studies' patients.
 */
export function emrReachOf(principal: Principal, now: number = Date.now()): EmrReach {
  if (isUnrestricted(principal)) return { everybody: true };
  const studies = studyFilterOf(principal, now);
  const { patientKeys: granted } = studies.granted;
  if (principal.role === "patient" || principal.patientKey !== null) {
    const own = principal.patientKey !== null && principal.studyInstanceUids === null;
    return { everybody: false, patientKeys: own ? [principal.patientKey] : [], studies: null };
  }
  return { everybody: false, patientKeys: granted, studies };
}
