import { Op, type Sequelize } from "sequelize";
import type { JobFilter, JobRow, JobStore, SeriesPlace } from "../../ai-jobs/job-store.js";
import type { StudyFilter } from "../../authorization/study-filter.js";
import { analysisRow } from "./analysis-writes.js";
import { AnalysisModel } from "./models/work.js";
import { Statements } from "./statements.js";
import { studyFilterSql } from "./study-filter-sql.js";

interface Place {
  readonly id: number;
  readonly studyInstanceUid: string;
  readonly seriesInstanceUid: string;
}

const PLACES = `SELECT analysis.id, study.study_instance_uid AS studyInstanceUid, series.series_instance_uid AS seriesInstanceUid
  FROM analysis JOIN series ON series.orthanc_id = analysis.series_id JOIN study ON study.orthanc_id = series.study_id AND analysis.shadow = 0`;

/** Identifiers compare byte by byte, as their columns do. */
const CONDITIONS: Readonly<Record<keyof JobFilter, string>> = {
  state: "analysis.state = :state",
  model: "analysis.model_name = :model",
  studyInstanceUid: "study.study_instance_uid = :studyInstanceUid",
  seriesInstanceUid: "series.series_instance_uid = :seriesInstanceUid",
  before: "analysis.id < :before",
};

/** Jobs in MySQL or MariaDB. Shadows are none: only who administers hears of them. */
export class MySqlJobs implements JobStore {
  private readonly statements: Statements;

  constructor(sequelize: Sequelize) {
    this.statements = new Statements(sequelize);
  }

  async list(filter: JobFilter, within: StudyFilter, limit: number): Promise<JobRow[]> {
    const { sql, values } = studyFilterSql(within);
    const asked = (Object.keys(CONDITIONS) as (keyof JobFilter)[]).filter((key) => filter[key] !== undefined);
    const places = await this.statements.select<Place>(
      `${PLACES} WHERE ${[sql, ...asked.map((key) => CONDITIONS[key])].join(" AND ")} ORDER BY analysis.id DESC LIMIT :limit`,
      { ...values, ...filter, limit },
    );
    return rowsAt(places);
  }

  async find(id: number): Promise<JobRow | null> {
    const places = await this.statements.select<Place>(`${PLACES} WHERE analysis.id = :id`, { id });
    return (await rowsAt(places))[0] ?? null;
  }

  seriesByUid(seriesInstanceUid: string): Promise<SeriesPlace[]> {
    return this.statements.select(
      `SELECT series.orthanc_id AS seriesId, study.study_instance_uid AS studyInstanceUid
       FROM series JOIN study ON study.orthanc_id = series.study_id WHERE series.series_instance_uid = :seriesInstanceUid`,
      { seriesInstanceUid },
    );
  }
}

async function rowsAt(places: readonly Place[]): Promise<JobRow[]> {
  const models = await AnalysisModel.findAll({ where: { id: { [Op.in]: places.map(({ id }) => id) } } });
  const rows = new Map(models.map((model) => [Number(model.id), analysisRow(model)]));
  return places.flatMap(({ id, studyInstanceUid, seriesInstanceUid }) => {
    const analysis = rows.get(id);
    return analysis === undefined ? [] : [{ analysis, studyInstanceUid, seriesInstanceUid }];
  });
}
