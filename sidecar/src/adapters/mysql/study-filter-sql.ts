import type { StudyFilter } from "../../authorization/study-filter.js";

/** A condition on the table `study`, and the values it takes. */
export interface SqlCondition {
  readonly sql: string;
  readonly values: Readonly<Record<string, unknown>>;
}

/** Identifiers compare byte by byte; a parameter arrives as utf8mb4 and is brought to the column's own collation. */
export function studyFilterSql(filter: StudyFilter): SqlCondition {
  const conditions: string[] = [];
  if (filter.patientKey !== null) conditions.push("study.patient_key = :filterPatientKey");
  if (filter.studyInstanceUids !== null)
    conditions.push(isAmong("study.study_instance_uid", "filterUids", filter.studyInstanceUids));
  if (filter.labels !== null) {
    conditions.push(
      filter.labels.length === 0
        ? "FALSE"
        : "EXISTS (SELECT 1 FROM study_label WHERE study_label.study_id = study.orthanc_id AND study_label.label IN (:filterLabels))",
    );
  }
  const { granted } = filter;
  const sql = [
    conditions.length === 0 ? "TRUE" : `(${conditions.join(" AND ")})`,
    ...(granted.studyInstanceUids.length > 0
      ? [isAmong("study.study_instance_uid", "grantedUids", granted.studyInstanceUids)]
      : []),
    ...(granted.patientKeys.length > 0
      ? [isAmong("study.patient_key", "grantedPatients", granted.patientKeys)]
      : []),
  ].join(" OR ");
  return {
    sql: `(${sql})`,
    values: {
      filterPatientKey: filter.patientKey,
      filterUids: filter.studyInstanceUids,
      filterLabels: filter.labels,
      grantedUids: granted.studyInstanceUids,
      grantedPatients: granted.patientKeys,
    },
  };
}

function isAmong(column: string, name: string, values: readonly string[]): string {
  return values.length === 0 ? "FALSE" : `${column} IN (:${name})`;
}
