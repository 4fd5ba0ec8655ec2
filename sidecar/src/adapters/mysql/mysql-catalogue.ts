import { QueryTypes, type Sequelize } from "sequelize";
import type { StudyFilter } from "../../authorization/study-filter.js";
import type { AnalysisState } from "../../state/records.js";
import type { ReviewDecision } from "../../state/review-records.js";
import {
  overallAnalysis,
  overallReview,
  type Catalogue,
  type Failure,
  type InstanceReason,
  type SeriesOverview,
  type StudyPage,
  type StudySummary,
  type WrittenFhirResource,
} from "../../studies/catalogue.js";
import type { StudySearch } from "../../studies/study-search.js";
import { REVIEW_THAT_STANDS } from "./review-columns.js";
import { studyFilterSql } from "./study-filter-sql.js";
import { studyOrderSql, studySearchSql } from "./study-search-sql.js";

interface SummaryRow {
  readonly orthancId: string;
  readonly studyInstanceUid: string;
  readonly patientId: string;
  readonly patientName: string;
  readonly patientSex: string;
  readonly patientBirthDate: string;
  readonly studyDate: string;
  readonly studyTime: string;
  readonly studyDescription: string;
  readonly accessionNumber: string;
  readonly modalities: string | null;
  readonly seriesCount: string;
  readonly instanceCount: string;
  readonly pending: string;
  readonly rendered: string;
  readonly notRenderable: string;
  readonly failed: string;
  readonly dropped: string;
  readonly analyses: string | null;
  readonly decisions: string | null;
  readonly waitingSince: Date | null;
  readonly failedReason: string | null;
  readonly synchronisedAt: Date | null;
}

/** Messages that concern a study: its own and those of its analyses. */
const OF_STUDY = `((outbox.kind = 'study' AND outbox.subject = study.orthanc_id) OR (outbox.kind = 'analysis' AND outbox.subject IN
  (SELECT CAST(analysis.id AS CHAR CHARACTER SET ascii) FROM analysis JOIN series ON series.orthanc_id = analysis.series_id WHERE series.study_id = study.orthanc_id)))`;

const SUMMARY = `SELECT study.orthanc_id AS orthancId, study.study_instance_uid AS studyInstanceUid, study.patient_id AS patientId,
  study.patient_name AS patientName, study.patient_sex AS patientSex, study.patient_birth_date AS patientBirthDate,
  study.study_date AS studyDate, study.study_time AS studyTime, study.study_description AS studyDescription,
  study.accession_number AS accessionNumber,
  (SELECT GROUP_CONCAT(DISTINCT series.modality ORDER BY series.modality SEPARATOR ',') FROM series WHERE series.study_id = study.orthanc_id) AS modalities,
  COUNT(DISTINCT instance.series_id) AS seriesCount, COUNT(instance.orthanc_id) AS instanceCount,
  COALESCE(SUM(instance.rendition = 'pending'), 0) AS pending, COALESCE(SUM(instance.rendition = 'rendered'), 0) AS rendered,
  COALESCE(SUM(instance.rendition = 'not-renderable'), 0) AS notRenderable, COALESCE(SUM(instance.rendition = 'failed'), 0) AS failed,
  COALESCE(SUM(instance.rendition = 'dropped'), 0) AS dropped,
  (SELECT GROUP_CONCAT(DISTINCT analysis.state) FROM analysis JOIN series ON series.orthanc_id = analysis.series_id WHERE analysis.shadow = 0 AND series.study_id = study.orthanc_id) AS analyses,
  (SELECT GROUP_CONCAT(DISTINCT COALESCE(review.decision, 'unreviewed')) FROM analysis JOIN series ON series.orthanc_id = analysis.series_id
    LEFT JOIN review ON ${REVIEW_THAT_STANDS}
    WHERE analysis.shadow = 0 AND analysis.state = 'succeeded' AND series.study_id = study.orthanc_id) AS decisions,
  (SELECT MIN(outbox.created_at) FROM outbox WHERE outbox.destination = 'fhir' AND outbox.state = 'pending' AND ${OF_STUDY}) AS waitingSince,
  (SELECT COALESCE(MAX(outbox.last_error), '') FROM outbox WHERE outbox.destination = 'fhir' AND outbox.state = 'failed' AND ${OF_STUDY} HAVING COUNT(*) > 0) AS failedReason,
  (SELECT MAX(synchronised_at) FROM fhir_resource WHERE fhir_resource.kind = 'study' AND fhir_resource.subject = study.orthanc_id) AS synchronisedAt
  FROM study LEFT JOIN series ON series.study_id = study.orthanc_id LEFT JOIN instance ON instance.series_id = series.orthanc_id`;

/** The catalogue in MySQL or MariaDB. */
export class MySqlCatalogue implements Catalogue {
  constructor(private readonly sequelize: Sequelize) {}

  async search(search: StudySearch, filter: StudyFilter): Promise<StudyPage | null> {
    const { limit, offset, after } = search;
    const matches = studySearchSql(search);
    const within = studyFilterSql(filter);
    const values = { ...matches.values, ...within.values };
    const [count] = await this.select<{ total: string }>(
      `SELECT COUNT(*) AS total FROM study WHERE ${matches.sql} AND ${within.sql}`,
      values,
    );
    if (after !== undefined) {
      const known = await this.select(
        `SELECT 1 FROM study WHERE study.orthanc_id = :after AND ${within.sql}`,
        { after, ...within.values },
      );
      if (known.length === 0) return null;
    }
    const { order, behind } = studyOrderSql(search);
    // One more than is shown tells whether there is a next page.
    const rows = await this.select<SummaryRow>(
      `${SUMMARY} WHERE study.orthanc_id IN (SELECT orthanc_id FROM (SELECT orthanc_id FROM study WHERE ${matches.sql} AND ${within.sql} AND ${behind}
         ORDER BY ${order} LIMIT :limit OFFSET :offset) AS page)
       GROUP BY study.orthanc_id ORDER BY ${order}`,
      { ...values, after, limit: limit + 1, offset },
    );
    const studies = rows.slice(0, limit).map(summaryOf);
    const next = rows.length > limit ? (studies.at(-1)?.orthancId ?? null) : null;
    return { total: Number(count?.total ?? 0), studies, next };
  }

  async summary(studyId: string): Promise<StudySummary | null> {
    const [row] = await this.select<SummaryRow>(
      `${SUMMARY} WHERE study.orthanc_id = :studyId GROUP BY study.orthanc_id`,
      { studyId },
    );
    return row === undefined ? null : summaryOf(row);
  }

  async series(studyId: string): Promise<SeriesOverview[]> {
    const [rows, without] = await Promise.all([
      this.select<Omit<SeriesOverview, "frameCount" | "notRenderable" | "failed"> & { frameCount: string }>(
        `SELECT series.orthanc_id AS orthancId, series.series_instance_uid AS seriesInstanceUid, series.modality,
           series.series_number AS seriesNumber, series.series_description AS seriesDescription, series.state,
           COUNT(instance.orthanc_id) AS instanceCount, COALESCE(SUM(instance.number_of_frames), 0) AS frameCount
         FROM series LEFT JOIN instance ON instance.series_id = series.orthanc_id WHERE series.study_id = :studyId
         GROUP BY series.orthanc_id ORDER BY series.series_number IS NULL, series.series_number, series.series_instance_uid`,
        { studyId },
      ),
      this.select<InstanceReason & { seriesId: string; rendition: "not-renderable" | "failed" }>(
        `SELECT instance.series_id AS seriesId, instance.sop_instance_uid AS sopInstanceUid, instance.rendition,
           COALESCE(instance.reason, '') AS reason
         FROM instance JOIN series ON series.orthanc_id = instance.series_id
         WHERE series.study_id = :studyId AND instance.rendition IN ('not-renderable', 'failed')
         ORDER BY instance.instance_number, instance.sop_instance_uid`,
        { studyId },
      ),
    ]);
    const reasons = (series: string, rendition: "not-renderable" | "failed") =>
      without
        .filter((instance) => instance.seriesId === series && instance.rendition === rendition)
        .map(({ sopInstanceUid, reason }) => ({ sopInstanceUid, reason }));
    return rows.map((row) => ({
      ...row,
      frameCount: Number(row.frameCount),
      notRenderable: reasons(row.orthancId, "not-renderable"),
      failed: reasons(row.orthancId, "failed"),
    }));
  }

  async fhirResources(studyId: string): Promise<WrittenFhirResource[]> {
    const rows = await this.select<{ resourceType: string; id: string; synchronisedAt: Date }>(
      `SELECT fhir_resource.resource_type AS resourceType, fhir_resource.resource_id AS id, fhir_resource.synchronised_at AS synchronisedAt
       FROM fhir_resource JOIN study ON study.orthanc_id = :studyId
       WHERE (fhir_resource.kind = 'patient' AND fhir_resource.subject = study.patient_key)
          OR (fhir_resource.kind = 'study' AND fhir_resource.subject = study.orthanc_id)
          OR (fhir_resource.kind = 'analysis' AND SUBSTRING_INDEX(fhir_resource.subject, '.', 1) IN
              (SELECT CAST(analysis.id AS CHAR CHARACTER SET ascii) FROM analysis JOIN series ON series.orthanc_id = analysis.series_id WHERE series.study_id = study.orthanc_id))
       ORDER BY FIELD(fhir_resource.kind, 'patient', 'study', 'analysis'), fhir_resource.resource_type, fhir_resource.subject`,
      { studyId },
    );
    return rows.map(({ resourceType, id, synchronisedAt }) => ({
      resourceType,
      id,
      synchronisedAt: synchronisedAt.toISOString(),
    }));
  }

  async failures(limit: number): Promise<Failure[]> {
    const rows = await this.select<Failure>(
      `(SELECT 'rendition' AS kind, instance.orthanc_id AS id, study.study_instance_uid AS studyInstanceUid, COALESCE(instance.reason, '') AS reason, instance.attempts
        FROM instance JOIN series ON series.orthanc_id = instance.series_id JOIN study ON study.orthanc_id = series.study_id
        WHERE instance.rendition = 'failed' LIMIT :limit)
       UNION ALL
       (SELECT 'arrival', refused_instance.orthanc_id, '', refused_instance.reason, refused_instance.attempts
        FROM refused_instance
        WHERE NOT EXISTS (SELECT 1 FROM instance WHERE instance.orthanc_id = refused_instance.orthanc_id) LIMIT :limit)
       UNION ALL
       (SELECT 'analysis', CAST(analysis.id AS CHAR), study.study_instance_uid, COALESCE(analysis.reason, ''), analysis.attempts
        FROM analysis JOIN series ON series.orthanc_id = analysis.series_id JOIN study ON study.orthanc_id = series.study_id
        WHERE analysis.state = 'failed' LIMIT :limit)
       UNION ALL
       (SELECT 'review', CAST(review.id AS CHAR), review.study_instance_uid, COALESCE(review.failure, ''), 1
        FROM review WHERE review.state = 'failed' LIMIT :limit)
       UNION ALL
       (SELECT 'fhir', CONCAT(outbox.kind, '.', outbox.subject), COALESCE(study.study_instance_uid, source_study.study_instance_uid, ''), COALESCE(outbox.last_error, ''), outbox.attempts
        FROM outbox
        LEFT JOIN study ON outbox.kind = 'study' AND study.orthanc_id = outbox.subject
        LEFT JOIN analysis ON outbox.kind = 'analysis' AND analysis.id = outbox.subject
        LEFT JOIN series ON series.orthanc_id = analysis.series_id
        LEFT JOIN study AS source_study ON source_study.orthanc_id = series.study_id
        WHERE outbox.state = 'failed' LIMIT :limit)`,
      { limit },
    );
    return rows.slice(0, limit);
  }

  private select<T extends object>(statement: string, replacements: Record<string, unknown>): Promise<T[]> {
    return this.sequelize.query<T>(statement, { replacements, type: QueryTypes.SELECT });
  }
}

function summaryOf(row: SummaryRow): StudySummary {
  const {
    modalities,
    analyses,
    decisions,
    pending,
    rendered,
    notRenderable,
    failed,
    dropped,
    waitingSince,
    failedReason,
    synchronisedAt,
    ...study
  } = row;
  const states = new Set(
    (analyses ?? "").split(",").filter((state) => state !== ""),
  ) as ReadonlySet<AnalysisState>;
  return {
    ...study,
    modalities: (modalities ?? "").split(",").filter((modality) => modality !== ""),
    seriesCount: Number(row.seriesCount),
    instanceCount: Number(row.instanceCount),
    rendition: {
      pending: Number(pending),
      rendered: Number(rendered),
      notRenderable: Number(notRenderable),
      failed: Number(failed),
      dropped: Number(dropped),
    },
    analysis: overallAnalysis(states),
    review: overallReview(
      new Set((decisions ?? "").split(",").filter((decision) => decision !== "")) as ReadonlySet<
        ReviewDecision | "unreviewed"
      >,
    ),
    fhir: fhirState(waitingSince, failedReason, synchronisedAt),
  };
}

function fhirState(
  waitingSince: Date | null,
  failedReason: string | null,
  synchronisedAt: Date | null,
): StudySummary["fhir"] {
  const at = synchronisedAt === null ? {} : { at: synchronisedAt.toISOString() };
  if (waitingSince !== null) return { state: "waiting", since: waitingSince.toISOString(), ...at };
  if (failedReason !== null) return { state: "failed", reason: failedReason, ...at };
  return synchronisedAt === null ? { state: "none" } : { state: "synchronised", ...at };
}
