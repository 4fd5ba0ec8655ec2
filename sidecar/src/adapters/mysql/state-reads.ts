import { Op, QueryTypes, type Sequelize } from "sequelize";
import type { OrthancId } from "../../dicom/uid.js";
import type { EventType, StoredEvent } from "../../state/events.js";
import type {
  AnalysisRow,
  InstanceRow,
  SeriesRecord,
  SeriesState,
  StudyRecord,
} from "../../state/records.js";
import type { LocatedInstance, PendingAnalysis, SeriesDetails, StateReads } from "../../state/state.js";
import { analysisRow } from "./analysis-writes.js";
import { SeriesModel, StudyModel } from "./models/imaging.js";
import { AnalysisModel } from "./models/work.js";
import { MySqlReviewReads } from "./review-reads.js";

const INSTANCE_COLUMNS = `instance.orthanc_id AS orthancId, instance.series_id AS seriesId, instance.sop_instance_uid AS sopInstanceUid,
  instance.sop_class_uid AS sopClassUid, instance.file_uuid AS fileUuid, instance.transfer_syntax_uid AS transferSyntaxUid,
  instance.instance_number AS instanceNumber, instance.number_of_frames AS numberOfFrames, instance.rendition,
  instance.rendition_format AS renditionFormat, instance.rendition_md5 AS renditionMd5, instance.reason, instance.attempts,
  instance.arrived_at AS arrivedAt, instance.urgency, instance.traceparent`;

interface EventRow {
  readonly sequence: number;
  readonly time: Date;
  readonly event: EventType;
  readonly studyInstanceUid: string;
  readonly seriesInstanceUid: string | null;
  readonly sopInstanceUid: string | null;
  /** JSON object. */
  readonly data: string;
}

/** Reads outside of any transaction. */
export class MySqlStateReads extends MySqlReviewReads implements StateReads {
  constructor(private readonly sequelize: Sequelize) {
    super(sequelize);
  }

  async cursor(name: string): Promise<number> {
    const [row] = await this.select<{ value: number }>(
      "SELECT value FROM position_cursor WHERE name = :name",
      { name },
    );
    return row?.value ?? 0;
  }

  async instance(orthancId: OrthancId): Promise<LocatedInstance | null> {
    return (await this.instances([orthancId]))[0] ?? null;
  }

  async instances(orthancIds: readonly OrthancId[]): Promise<(LocatedInstance | null)[]> {
    const rows = await this.select<LocatedInstance>(
      `SELECT ${INSTANCE_COLUMNS}, series.series_instance_uid AS seriesInstanceUid, study.study_instance_uid AS studyInstanceUid
       FROM instance JOIN series ON series.orthanc_id = instance.series_id JOIN study ON study.orthanc_id = series.study_id
       WHERE instance.orthanc_id IN (:orthancIds)`,
      { orthancIds },
    );
    const found = new Map(rows.map((row) => [row.orthancId, row]));
    return orthancIds.map((orthancId) => found.get(orthancId) ?? null);
  }

  async fileUuids(orthancIds: readonly OrthancId[]): Promise<Map<OrthancId, string>> {
    if (orthancIds.length === 0) return new Map();
    const rows = await this.select<{ id: OrthancId; file: string }>(
      "SELECT orthanc_id AS id, file_uuid AS file FROM instance WHERE orthanc_id IN (:orthancIds)",
      { orthancIds },
    );
    return new Map(rows.map(({ id, file }) => [id, file]));
  }

  async knownSeries(orthancIds: readonly OrthancId[]): Promise<Set<OrthancId>> {
    if (orthancIds.length === 0) return new Set();
    const rows = await this.select<{ id: OrthancId }>(
      "SELECT orthanc_id AS id FROM series WHERE orthanc_id IN (:orthancIds)",
      { orthancIds },
    );
    return new Set(rows.map(({ id }) => id));
  }

  async instanceIds(): Promise<Map<OrthancId, string>> {
    const rows = await this.select<{ id: OrthancId; file: string }>(
      "SELECT orthanc_id AS id, file_uuid AS file FROM instance",
      {},
    );
    return new Map(rows.map(({ id, file }) => [id, file]));
  }

  async refusedInstances(): Promise<Map<OrthancId, string | null>> {
    const rows = await this.select<{ id: OrthancId; file: string | null }>(
      "SELECT orthanc_id AS id, file_uuid AS file FROM refused_instance",
      {},
    );
    return new Map(rows.map(({ id, file }) => [id, file]));
  }

  async study(orthancId: OrthancId): Promise<StudyRecord | null> {
    const model = await StudyModel.findByPk(orthancId);
    return model === null ? null : model.get({ plain: true });
  }

  async studiesByUid(studyInstanceUid: string): Promise<StudyRecord[]> {
    const models = await StudyModel.findAll({ where: { studyInstanceUid } });
    return models.map((model) => model.get({ plain: true }));
  }

  async seriesOfStudy(studyId: OrthancId): Promise<SeriesDetails[]> {
    const series = await SeriesModel.findAll({ where: { studyId } });
    return this.withInstances(series);
  }

  async series(orthancId: OrthancId): Promise<SeriesDetails | null> {
    const model = await SeriesModel.findByPk(orthancId);
    return model === null ? null : ((await this.withInstances([model]))[0] ?? null);
  }

  private async withInstances(models: SeriesModel[]): Promise<SeriesDetails[]> {
    if (models.length === 0) return [];
    const seriesIds = models.map(({ orthancId }) => orthancId);
    const instances = await this.select<InstanceRow>(
      `SELECT ${INSTANCE_COLUMNS} FROM instance WHERE series_id IN (:seriesIds) ORDER BY instance_number, sop_instance_uid`,
      { seriesIds },
    );
    return models
      .map((model) => ({
        ...model.get({ plain: true }),
        instances: instances.filter(({ seriesId }) => seriesId === model.orthancId),
      }))
      .sort(
        (a, b) =>
          (a.seriesNumber ?? 1e9) - (b.seriesNumber ?? 1e9) ||
          a.seriesInstanceUid.localeCompare(b.seriesInstanceUid),
      );
  }

  locate(
    studyInstanceUid: string,
    seriesInstanceUid: string,
    sopInstanceUid: string,
  ): Promise<InstanceRow[]> {
    return this.select<InstanceRow>(
      `SELECT ${INSTANCE_COLUMNS}
       FROM instance JOIN series ON series.orthanc_id = instance.series_id JOIN study ON study.orthanc_id = series.study_id
       WHERE instance.sop_instance_uid = :sopInstanceUid AND series.series_instance_uid = :seriesInstanceUid
         AND study.study_instance_uid = :studyInstanceUid`,
      { studyInstanceUid, seriesInstanceUid, sopInstanceUid },
    );
  }

  async analysis(id: number): Promise<AnalysisRow | null> {
    const model = await AnalysisModel.findByPk(id);
    return model === null ? null : ((await this.withReviews([analysisRow(model)]))[0] ?? null);
  }

  analysesOfStudy(studyId: OrthancId): Promise<AnalysisRow[]> {
    return this.analysesOf(studyId, false);
  }

  shadowAnalysesOfStudy(studyId: OrthancId): Promise<AnalysisRow[]> {
    return this.analysesOf(studyId, true);
  }

  private async analysesOf(studyId: OrthancId, shadow: boolean): Promise<AnalysisRow[]> {
    const series = await SeriesModel.findAll({ where: { studyId }, attributes: ["orthancId"] });
    const models = await AnalysisModel.findAll({
      where: { shadow, seriesId: { [Op.in]: series.map(({ orthancId }) => orthancId) } },
      order: ["id"],
    });
    return this.withReviews(models.map(analysisRow));
  }

  receivingSeries(limit: number): Promise<(SeriesRecord & { state: SeriesState; instanceCount: number })[]> {
    return this.select(
      `SELECT orthanc_id AS orthancId, study_id AS studyId, series_instance_uid AS seriesInstanceUid, modality,
         series_number AS seriesNumber, series_description AS seriesDescription, body_part_examined AS bodyPartExamined, state,
         (SELECT COUNT(*) FROM instance WHERE instance.series_id = series.orthanc_id) AS instanceCount
       FROM series WHERE state = 'receiving' ORDER BY stable_due_at LIMIT :limit`,
      { limit },
    );
  }

  async millisecondsToNextStability(): Promise<number | null> {
    const [row] = await this.select<{ microseconds: number | null }>(
      "SELECT TIMESTAMPDIFF(MICROSECOND, UTC_TIMESTAMP(3), MIN(stable_due_at)) AS microseconds FROM series WHERE state = 'receiving'",
      {},
    );
    return row?.microseconds == null ? null : Math.ceil(row.microseconds / 1_000);
  }

  pendingRenditions(limit: number): Promise<{ orthancId: OrthancId; fileUuid: string }[]> {
    return this.select(
      "SELECT orthanc_id AS orthancId, file_uuid AS fileUuid FROM instance WHERE rendition = 'pending' AND urgency = 'live' ORDER BY arrived_at LIMIT :limit",
      { limit },
    );
  }

  pendingAnalyses(limit: number): Promise<PendingAnalysis[]> {
    return this.unfinished("TRUE ORDER BY pending.queued_at LIMIT :limit", { limit });
  }

  async pendingAmong(ids: readonly number[]): Promise<PendingAnalysis[]> {
    return ids.length === 0 ? [] : this.unfinished("pending.id IN (:ids)", { ids });
  }

  private async unfinished(
    condition: string,
    replacements: Record<string, unknown>,
  ): Promise<PendingAnalysis[]> {
    const rows = await this.select<PendingAnalysis>(
      `SELECT pending.id, pending.input_digest AS inputDigest, pending.priority, pending.slices,
         (SELECT COUNT(*) FROM series AS sister JOIN analysis AS earlier ON earlier.series_id = sister.orthanc_id
          WHERE sister.study_id = series.study_id AND earlier.state IN ('queued', 'running')
            AND (earlier.queued_at, earlier.id) < (pending.queued_at, pending.id)) AS ahead
       FROM analysis AS pending JOIN series ON series.orthanc_id = pending.series_id
       WHERE pending.state IN ('queued', 'running') AND ${condition}`,
      replacements,
    );
    return rows.map((row) => ({ ...row, ahead: row.ahead }));
  }

  modelsRequestedFor(seriesId: OrthancId): Promise<{ name: string; version: string }[]> {
    return this.select(
      `SELECT model_name AS name, model_version AS version FROM analysis
       WHERE series_id = :seriesId AND requested_by IS NOT NULL AND state <> 'canceled'`,
      { seriesId },
    );
  }

  async cancelRequestedAmong(ids: readonly number[]): Promise<number[]> {
    if (ids.length === 0) return [];
    const rows = await this.select<{ id: number }>(
      "SELECT id FROM analysis WHERE id IN (:ids) AND cancel_requested_at IS NOT NULL",
      { ids },
    );
    return rows.map(({ id }) => id);
  }

  async eventsAfter(sequence: number, limit: number): Promise<StoredEvent[]> {
    const rows = await this.select<EventRow>(
      `SELECT sequence, time, event, study_instance_uid AS studyInstanceUid, series_instance_uid AS seriesInstanceUid,
         sop_instance_uid AS sopInstanceUid, data FROM event WHERE sequence > :sequence ORDER BY sequence LIMIT :limit`,
      { sequence, limit },
    );
    return rows.map(({ seriesInstanceUid, sopInstanceUid, data, ...row }) => ({
      ...row,
      ...(seriesInstanceUid === null ? {} : { seriesInstanceUid }),
      ...(sopInstanceUid === null ? {} : { sopInstanceUid }),
      data: JSON.parse(data) as Record<string, string | number | boolean | null>,
    }));
  }

  async lastEventSequence(): Promise<number> {
    const [row] = await this.select<{ last: number | null }>("SELECT MAX(sequence) AS last FROM event", {});
    return row?.last ?? 0;
  }

  private select<T extends object>(statement: string, replacements: Record<string, unknown>): Promise<T[]> {
    return this.sequelize.query<T>(statement, { replacements, type: QueryTypes.SELECT });
  }
}
