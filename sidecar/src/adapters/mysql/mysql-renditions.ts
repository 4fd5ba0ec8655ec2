import type { Sequelize } from "sequelize";
import type { OrthancId } from "../../dicom/uid.js";
import type {
  BackfillFigures,
  DroppedRendition,
  Droppable,
  Recallable,
  RenditionFigures,
  RenditionFilter,
  RenditionStore,
  StoredRendition,
} from "../../renditions/rendition-store.js";
import type { RetentionPolicy } from "../../renditions/retention-policy.js";
import { RENDITION_FORMAT } from "../../transcoding/rendition.js";
import { NEXT_BY_SIZE, droppable, nextOfAge, ofAge, policyValues } from "./retention-sql.js";
import { Statements } from "./statements.js";

const LOCATED =
  "instance JOIN series ON series.orthanc_id = instance.series_id JOIN study ON study.orthanc_id = series.study_id";
const STORED = `SELECT instance.orthanc_id AS orthancId, instance.file_uuid AS fileUuid, instance.rendition_md5 AS renditionMd5,
  study.study_instance_uid AS studyInstanceUid, series.series_instance_uid AS seriesInstanceUid, instance.sop_instance_uid AS sopInstanceUid
  FROM ${LOCATED} WHERE instance.rendition = 'rendered' AND instance.rendition_format >= ${RENDITION_FORMAT}`;

interface DroppableRow {
  readonly ageCount: string;
  readonly ageBytes: string;
  readonly ageOldest: Date | null;
  readonly sizeCount: string;
  readonly sizeBytes: string;
  readonly sizeOldest: Date | null;
}

interface DroppableRendition {
  readonly orthancId: OrthancId;
  readonly bytes: number | string;
  readonly at: Date;
}

/** Renditions in MySQL or MariaDB. */
export class MySqlRenditions implements RenditionStore {
  private readonly statements: Statements;

  constructor(sequelize: Sequelize) {
    this.statements = new Statements(sequelize);
  }

  async figures(): Promise<RenditionFigures[]> {
    const rows = await this.statements.select<Numbers<RenditionFigures, "state">>(
      `SELECT rendition AS state, rendition_format AS format, COUNT(*) AS count,
         COALESCE(SUM(IF(rendition = 'rendered', rendition_bytes, 0)), 0) AS renditionBytes,
         COALESCE(SUM(IF(rendition = 'rendered', pixel_bytes, 0)), 0) AS pixelBytes
       FROM instance GROUP BY rendition, rendition_format`,
      {},
    );
    return rows.map(({ state, format, count, renditionBytes, pixelBytes }) => ({
      state,
      format: format === null ? null : Number(format),
      count: Number(count),
      renditionBytes: Number(renditionBytes),
      pixelBytes: Number(pixelBytes),
    }));
  }

  async backgroundWork(limit: number): Promise<{ orthancId: OrthancId; fileUuid: string }[]> {
    const columns = "orthanc_id AS orthancId, file_uuid AS fileUuid";
    const waiting = await this.statements.select<{ orthancId: OrthancId; fileUuid: string }>(
      `SELECT ${columns} FROM instance WHERE rendition = 'pending' AND urgency = 'background' ORDER BY arrived_at DESC LIMIT :limit`,
      { limit },
    );
    if (waiting.length === limit) return waiting;
    const outdated = await this.statements.select<{ orthancId: OrthancId; fileUuid: string }>(
      `SELECT ${columns} FROM instance WHERE rendition = 'rendered' AND rendition_format < :current LIMIT :limit`,
      { current: RENDITION_FORMAT, limit: limit - waiting.length },
    );
    return [...waiting, ...outdated];
  }

  async backfillFigures(filter: RenditionFilter): Promise<BackfillFigures> {
    const [row] = await this.statements.select<Numbers<BackfillFigures>>(
      `SELECT COALESCE(SUM(rendition = 'rendered' AND rendition_format >= :current), 0) AS rendered,
         COALESCE(SUM(rendition = 'rendered' AND rendition_format < :current), 0) AS outdated,
         COALESCE(SUM(rendition = 'pending' AND urgency = 'background'), 0) AS pending, COALESCE(SUM(rendition = 'dropped'), 0) AS dropped,
         COALESCE(SUM(rendition = 'failed'), 0) AS failed, COALESCE(SUM(rendition = 'not-renderable'), 0) AS notRenderable
       FROM ${LOCATED} WHERE ${within(filter)}`,
      { current: RENDITION_FORMAT, ...filter },
    );
    return {
      rendered: Number(row?.rendered),
      outdated: Number(row?.outdated),
      pending: Number(row?.pending),
      dropped: Number(row?.dropped),
      failed: Number(row?.failed),
      notRenderable: Number(row?.notRenderable),
    };
  }

  async recall(filter: RenditionFilter, from: readonly Recallable[], limit: number): Promise<number> {
    // Of what was dropped only that whose attachment is gone: its removal must not meet the new one.
    const rows = await this.statements.select<{ orthancId: OrthancId }>(
      `SELECT instance.orthanc_id AS orthancId FROM ${LOCATED}
       WHERE instance.rendition IN (:from) AND NOT (instance.rendition = 'dropped' AND instance.rendition_format IS NOT NULL)
         AND ${within(filter)} ORDER BY study.study_date DESC, instance.orthanc_id LIMIT :limit`,
      { from, limit, ...filter },
    );
    if (rows.length === 0) return 0;
    return this.statements.change(
      `UPDATE instance SET rendition = 'pending', urgency = 'background', reason = NULL, recalled_at = UTC_TIMESTAMP(3)
       WHERE orthanc_id IN (:ids) AND rendition IN (:from)`,
      { ids: rows.map(({ orthancId }) => orthancId), from },
    );
  }

  async droppable(policy: RetentionPolicy): Promise<{ byAge: Droppable; bySize: Droppable }> {
    const [row] = await this.statements.select<DroppableRow>(droppable(policy), policyValues(policy));
    return {
      byAge: { count: Number(row?.ageCount), bytes: Number(row?.ageBytes), oldest: row?.ageOldest ?? null },
      bySize: {
        count: Number(row?.sizeCount),
        bytes: Number(row?.sizeBytes),
        oldest: row?.sizeOldest ?? null,
      },
    };
  }

  async drop(policy: RetentionPolicy, limit: number): Promise<Droppable> {
    const values = policyValues(policy);
    // What waits in the background and is of age already is not made at all.
    await this.statements.change(
      `UPDATE instance JOIN series ON series.orthanc_id = instance.series_id SET instance.rendition = 'dropped'
       WHERE instance.rendition = 'pending' AND instance.urgency = 'background' AND ${ofAge(policy)}`,
      values,
    );
    const aged = await this.statements.select<DroppableRendition>(nextOfAge(policy), { ...values, limit });
    const rows = aged.length > 0 || policy.bytes === null ? aged : await this.excess(policy.bytes, limit);
    if (rows.length === 0) return { count: 0, bytes: 0, oldest: null };
    await this.statements.change(
      "UPDATE instance SET rendition = 'dropped', verified_at = NULL WHERE orthanc_id IN (:ids) AND rendition = 'rendered'",
      { ids: rows.map(({ orthancId }) => orthancId) },
    );
    const bytes = rows.reduce((sum, row) => sum + Number(row.bytes), 0);
    return { count: rows.length, bytes, oldest: rows[0]?.at ?? null };
  }

  /** As many of the oldest as are above the limit. */
  private async excess(mostBytes: number, limit: number): Promise<DroppableRendition[]> {
    const [all] = await this.statements.select<{ bytes: string | null }>(
      "SELECT SUM(rendition_bytes) AS bytes FROM instance WHERE rendition = 'rendered'",
      {},
    );
    let above = Number(all?.bytes ?? 0) - mostBytes;
    if (above <= 0) return [];
    const oldest = await this.statements.select<DroppableRendition>(NEXT_BY_SIZE, { limit });
    const end = oldest.findIndex(({ bytes }) => (above -= Number(bytes)) <= 0);
    return end < 0 ? oldest : oldest.slice(0, end + 1);
  }

  unremoved(limit: number): Promise<DroppedRendition[]> {
    return this.statements.select(
      `SELECT orthanc_id AS orthancId, file_uuid AS fileUuid FROM instance
       WHERE rendition IN ('dropped', 'not-renderable') AND rendition_format IS NOT NULL LIMIT :limit`,
      { limit },
    );
  }

  async removed({ orthancId, fileUuid }: DroppedRendition): Promise<void> {
    await this.statements.change(
      `UPDATE instance SET rendition_format = NULL, rendition_bytes = NULL, rendition_md5 = NULL, rendered_at = NULL
       WHERE orthanc_id = :orthancId AND file_uuid = :fileUuid AND rendition IN ('dropped', 'not-renderable')`,
      { orthancId, fileUuid },
    );
  }

  longestUnverified(limit: number): Promise<StoredRendition[]> {
    return this.statements.select(`${STORED} ORDER BY instance.verified_at LIMIT :limit`, { limit });
  }

  stored(filter: RenditionFilter, after: OrthancId | null, limit: number): Promise<StoredRendition[]> {
    return this.statements.select(
      `${STORED} AND instance.orthanc_id > :after AND ${within(filter)} ORDER BY instance.orthanc_id LIMIT :limit`,
      { after: after ?? "", limit, ...filter },
    );
  }

  async verified(orthancId: OrthancId, fileUuid: string): Promise<void> {
    await this.statements.change(
      "UPDATE instance SET verified_at = UTC_TIMESTAMP(3) WHERE orthanc_id = :orthancId AND file_uuid = :fileUuid AND rendition = 'rendered'",
      { orthancId, fileUuid },
    );
  }
}

/** Aggregates come as text. */
type Numbers<T, Kept extends keyof T = never> = {
  readonly [Name in keyof T]: Name extends Kept
    ? T[Name]
    : number | string | (null extends T[Name] ? null : never);
};

function within({ studyInstanceUid, studiesSince, modality }: RenditionFilter): string {
  return [
    "1 = 1",
    ...(studyInstanceUid === undefined ? [] : ["study.study_instance_uid = :studyInstanceUid"]),
    ...(studiesSince === undefined ? [] : ["study.study_date >= :studiesSince"]),
    ...(modality === undefined ? [] : ["series.modality = :modality"]),
  ].join(" AND ");
}
