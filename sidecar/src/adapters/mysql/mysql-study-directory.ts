import { QueryTypes, type Sequelize } from "sequelize";
import type { StudyDirectory, StudyFacts, StudyNarrowing } from "../../authorization/study-directory.js";
import { isReadableUid } from "../../dicom/uid.js";
import type { StudyFilter } from "../../authorization/study-filter.js";
import { studyFilterSql } from "./study-filter-sql.js";

const FACTS = `SELECT study.orthanc_id AS orthancId, study.study_instance_uid AS studyInstanceUid, study.patient_key AS patientKey,
  study_label.label AS label
  FROM study LEFT JOIN study_label ON study_label.study_id = study.orthanc_id`;

const STUDY_OF = {
  study: ":orthancId",
  series: "(SELECT study_id FROM series WHERE orthanc_id = :orthancId)",
  instance:
    "(SELECT series.study_id FROM instance JOIN series ON series.orthanc_id = instance.series_id WHERE instance.orthanc_id = :orthancId)",
} as const;

interface FactRow {
  readonly orthancId: string;
  readonly studyInstanceUid: string;
  readonly patientKey: string;
  readonly label: string | null;
}

/** Studies and their labels, for decisions about access. */
export class MySqlStudyDirectory implements StudyDirectory {
  constructor(private readonly sequelize: Sequelize) {}

  async byUid(studyInstanceUid: string): Promise<readonly StudyFacts[]> {
    // The column is ASCII: other text cannot even be compared with it.
    if (!isReadableUid(studyInstanceUid)) return [];
    return factsOf(
      await this.select<FactRow>(`${FACTS} WHERE study.study_instance_uid = :studyInstanceUid`, {
        studyInstanceUid,
      }),
    );
  }

  async byOrthancId(level: keyof typeof STUDY_OF, orthancId: string): Promise<StudyFacts | null> {
    const rows = await this.select<FactRow>(`${FACTS} WHERE study.orthanc_id = ${STUDY_OF[level]}`, {
      orthancId,
    });
    return factsOf(rows)[0] ?? null;
  }

  async labels(): Promise<string[]> {
    const rows = await this.select<{ label: string }>(
      "SELECT DISTINCT label FROM study_label ORDER BY label",
      {},
    );
    return rows.map(({ label }) => label);
  }

  /** Where several studies share a UID, all of them must be within: the archive answers for all. */
  async uidsWithin(filter: StudyFilter, narrowing: StudyNarrowing, limit: number): Promise<string[]> {
    const within = studyFilterSql(filter);
    const { studyInstanceUid, patientId, accessionNumber, studyDateFrom, studyDateTo } = narrowing;
    const conditions = [
      within.sql,
      ...(studyInstanceUid === undefined ? [] : ["study.study_instance_uid = :studyInstanceUid"]),
      ...(patientId === undefined ? [] : ["study.patient_id = :patientId"]),
      ...(accessionNumber === undefined ? [] : ["study.accession_number = :accessionNumber"]),
      ...(studyDateFrom === undefined ? [] : ["study.study_date >= :studyDateFrom"]),
      ...(studyDateTo === undefined ? [] : ["study.study_date <= :studyDateTo"]),
    ];
    const rows = await this.select<{ uid: string }>(
      `SELECT study.study_instance_uid AS uid FROM study WHERE ${conditions.join(" AND ")}
       GROUP BY study.study_instance_uid
       HAVING COUNT(*) = (SELECT COUNT(*) FROM study AS every_study WHERE every_study.study_instance_uid = study.study_instance_uid) ORDER BY MAX(study.study_date) DESC, uid LIMIT :limit`,
      { ...within.values, ...narrowing, limit },
    );
    return rows.map(({ uid }) => uid);
  }

  private select<T extends object>(statement: string, replacements: Record<string, unknown>): Promise<T[]> {
    return this.sequelize.query<T>(statement, { replacements, type: QueryTypes.SELECT });
  }
}

function factsOf(rows: readonly FactRow[]): StudyFacts[] {
  const studies = new Map<string, StudyFacts & { labels: string[] }>();
  for (const { label, ...study } of rows) {
    const facts = studies.get(study.orthancId) ?? { ...study, labels: [] };
    if (label !== null) facts.labels.push(label);
    studies.set(study.orthancId, facts);
  }
  return [...studies.values()];
}
