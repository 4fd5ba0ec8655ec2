import { EVERY_LABEL, type Principal } from "./principal.js";

/** The studies somebody reaches, as conditions a database can apply. Every condition that is not null must hold… */
export interface StudyFilter {
  readonly patientKey: string | null;
  readonly labels: readonly string[] | null;
  readonly studyInstanceUids: readonly string[] | null;
  /** …or the study is one of these, opened by break-glass access. */
  readonly granted: {
    readonly studyInstanceUids: readonly string[];
    readonly patientKeys: readonly string[];
  };
}

export const EVERY_STUDY: StudyFilter = {
  patientKey: null,
  labels: null,
  studyInstanceUids: null,
  granted: { studyInstanceUids: [], patientKeys: [] },
};

/** The filter for lists shown to somebody. */
export function studyFilterOf(principal: Principal, now: number = Date.now()): StudyFilter {
  const active = principal.grants.filter(({ expiresAt }) => expiresAt.getTime() > now);
  return {
    patientKey: principal.patientKey,
    labels: principal.labels.includes(EVERY_LABEL) ? null : principal.labels,
    studyInstanceUids: principal.studyInstanceUids,
    granted: {
      studyInstanceUids: active.flatMap(({ studyInstanceUid }) => studyInstanceUid ?? []),
      patientKeys: active.flatMap(({ patientKey }) => patientKey ?? []),
    },
  };
}
