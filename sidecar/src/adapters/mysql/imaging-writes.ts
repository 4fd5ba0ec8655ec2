import { QueryTypes, type Sequelize, type Transaction } from "sequelize";
import type { OrthancId } from "../../dicom/uid.js";
import type { ArrivedInstance, RenditionRecord, SeriesRecord, StudyRecord } from "../../state/records.js";
import type { ForgottenSeries, InstanceFile, RecordedInstances, SeriesToSettle } from "../../state/state.js";
import { Overtaken } from "./connection.js";
import { InstanceModel, SeriesModel, StudyModel } from "./models/imaging.js";

/** Writes to study, series and instance within one transaction. */
export class ImagingWrites {
  constructor(
    private readonly sequelize: Sequelize,
    private readonly transaction: Transaction,
  ) {}

  async recordInstances(
    seriesId: OrthancId,
    parents: { readonly study: StudyRecord; readonly series: SeriesRecord } | null,
    instances: readonly ArrivedInstance[],
  ): Promise<RecordedInstances> {
    const { transaction } = this;
    // Parents before children, and the series locked before its instances refer to it: arrivals of one series
    // queue up here instead of meeting in a deadlock.
    let series = await this.lockSeries(seriesId);
    if (series === undefined && parents !== null) {
      await StudyModel.bulkCreate([parents.study], { transaction, ignoreDuplicates: true });
      // Whose it is in the EMR is decided after (emr/evaluate-study.ts).
      await this.run(
        "INSERT INTO emr_study_link (study_id) VALUES (:studyId) ON DUPLICATE KEY UPDATE due = TRUE",
        { studyId: parents.study.orthancId },
      );
      await SeriesModel.bulkCreate([{ ...parents.series, state: "receiving" }], {
        transaction,
        ignoreDuplicates: true,
      });
      series = await this.lockSeries(seriesId);
    }
    if (series === undefined) throw new Overtaken("the last instance of the series was deleted meanwhile");
    const known = await this.fileUuids(instances);
    const fresh = instances.filter(({ orthancId, fileUuid }) => known.get(orthancId) !== fileUuid);
    for (const instance of fresh.filter(({ orthancId }) => known.has(orthancId)))
      await this.replace(instance);
    await this.insert(fresh.filter(({ orthancId }) => !known.has(orthancId)));
    return { ...series, fresh };
  }

  private async lockSeries(seriesId: OrthancId): Promise<Omit<RecordedInstances, "fresh"> | undefined> {
    const [row] = await this.sequelize.query<Omit<RecordedInstances, "fresh">>(
      // A row read in a subquery is not locked: other series of the study go on.
      `SELECT (SELECT study_instance_uid FROM study WHERE study.orthanc_id = series.study_id) AS studyInstanceUid,
              series_instance_uid AS seriesInstanceUid, modality
       FROM series WHERE orthanc_id = :seriesId FOR UPDATE`,
      { replacements: { seriesId }, type: QueryTypes.SELECT, transaction: this.transaction },
    );
    return row;
  }

  private async fileUuids(instances: readonly ArrivedInstance[]): Promise<Map<OrthancId, string>> {
    const rows = await this.sequelize.query<{ id: OrthancId; file: string }>(
      "SELECT orthanc_id AS id, file_uuid AS file FROM instance WHERE orthanc_id IN (:ids) FOR UPDATE",
      {
        replacements: { ids: instances.map(({ orthancId }) => orthancId) },
        type: QueryTypes.SELECT,
        transaction: this.transaction,
      },
    );
    return new Map(rows.map(({ id, file }) => [id, file]));
  }

  /** The file is another one: everything made of the earlier is void. */
  private async replace({ receivedAt, ...instance }: ArrivedInstance): Promise<void> {
    await InstanceModel.update(
      {
        ...instance,
        traceparent: instance.traceparent ?? null,
        arrivedAt: receivedAt ?? new Date(),
        rendition: "pending",
        reason: null,
        attempts: 0,
        renditionFormat: null,
        renditionBytes: null,
        pixelBytes: null,
        renderedAt: null,
        renditionMd5: null,
        recalledAt: null,
        verifiedAt: null,
      },
      { where: { orthancId: instance.orthancId }, transaction: this.transaction },
    );
  }

  private async insert(instances: readonly ArrivedInstance[]): Promise<void> {
    if (instances.length === 0) return;
    const rows = instances.map((row) => [
      row.orthancId,
      row.seriesId,
      row.sopInstanceUid,
      row.sopClassUid,
      row.fileUuid,
      row.transferSyntaxUid,
      row.instanceNumber,
      row.numberOfFrames,
      row.urgency,
      row.receivedAt ?? new Date(),
      row.traceparent ?? null,
    ]);
    await this.sequelize.query(
      `INSERT INTO instance (orthanc_id, series_id, sop_instance_uid, sop_class_uid, file_uuid, transfer_syntax_uid, instance_number, number_of_frames, urgency, arrived_at, traceparent)
       VALUES :rows`,
      { replacements: { rows }, type: QueryTypes.INSERT, transaction: this.transaction },
    );
  }

  async openSeries(seriesId: OrthancId, stableAfterSeconds: number): Promise<void> {
    await this.run(
      `UPDATE series SET state = 'receiving', stable_due_at = TIMESTAMPADD(MICROSECOND, :microseconds, UTC_TIMESTAMP(3)) WHERE orthanc_id = :seriesId`,
      { seriesId, microseconds: Math.round(stableAfterSeconds * 1e6) },
    );
  }

  async claimQuietSeries(): Promise<SeriesToSettle | null> {
    const [row] = await this.sequelize.query<SeriesToSettle>(
      `SELECT series.orthanc_id AS seriesId, series.study_id AS studyId, series.series_instance_uid AS seriesInstanceUid,
              study.study_instance_uid AS studyInstanceUid, study.patient_key AS patientKey, series.modality AS modality
       FROM series JOIN study ON study.orthanc_id = series.study_id
       WHERE series.state = 'receiving' AND series.stable_due_at <= UTC_TIMESTAMP(3)
       ORDER BY series.stable_due_at LIMIT 1 FOR UPDATE SKIP LOCKED`,
      { type: QueryTypes.SELECT, transaction: this.transaction },
    );
    return row ?? null;
  }

  async settleSeries(seriesId: OrthancId): Promise<void> {
    await this.run("UPDATE series SET state = 'stable' WHERE orthanc_id = :seriesId", { seriesId });
  }

  async endQuietTimes(studyId: OrthancId): Promise<number> {
    const [, affected] = await this.sequelize.query(
      "UPDATE series SET stable_due_at = UTC_TIMESTAMP(3) WHERE study_id = :studyId AND state = 'receiving'",
      { replacements: { studyId }, type: QueryTypes.UPDATE, transaction: this.transaction },
    );
    return affected;
  }

  async deleteInstance(orthancId: OrthancId): Promise<ForgottenSeries | null> {
    const { transaction } = this;
    const instance = await InstanceModel.findByPk(orthancId, { transaction });
    if (instance === null) return null;
    const { seriesId } = instance;
    // The series before the instance, as arrivals do: none arrives between the count and the removal.
    const series = await SeriesModel.findByPk(seriesId, { transaction, lock: true });
    await InstanceModel.destroy({ where: { orthancId }, transaction });
    if (series === null || (await InstanceModel.count({ where: { seriesId }, transaction })) > 0) return null;
    const analyses = await this.sequelize.query<{ id: number }>(
      "SELECT id FROM analysis WHERE series_id = :seriesId AND result IS NOT NULL AND shadow = 0",
      { replacements: { seriesId }, type: QueryTypes.SELECT, transaction },
    );
    await this.run(
      "DELETE FROM result_object WHERE analysis_id IN (SELECT id FROM analysis WHERE series_id = :seriesId)",
      { seriesId },
    );
    await this.run("DELETE FROM analysis WHERE series_id = :seriesId", { seriesId });
    await series.destroy({ transaction });
    const study = await StudyModel.findByPk(series.studyId, { transaction, lock: true });
    if ((await SeriesModel.count({ where: { studyId: series.studyId }, transaction })) === 0)
      await study?.destroy({ transaction });
    if (study === null) return null;
    const { studyId } = series;
    return { studyId, patientKey: study.patientKey, analyses: analyses.map(({ id }) => id) };
  }

  async markRendered(
    rendered: readonly (InstanceFile & { readonly rendition: RenditionRecord })[],
  ): Promise<Set<OrthancId>> {
    if (rendered.length === 0) return new Set();
    const ids = rendered.map(({ orthancId }) => orthancId);
    const rows = await this.sequelize.query<{ id: OrthancId; file: string; format: number | null }>(
      `SELECT orthanc_id AS id, file_uuid AS file, IF(rendition = 'rendered', rendition_format, NULL) AS format
       FROM instance WHERE orthanc_id IN (:ids) FOR UPDATE`,
      { replacements: { ids }, type: QueryTypes.SELECT, transaction: this.transaction },
    );
    const rowOf = new Map(rows.map((row) => [row.id, row]));
    // A rendition of an earlier format is replaced by one of this.
    const current = rendered.filter(({ orthancId, fileUuid, rendition }) => {
      const row = rowOf.get(orthancId);
      return row !== undefined && row.file === fileUuid && (row.format ?? 0) < rendition.format;
    });
    if (current.length === 0) return new Set();
    // One statement for all: each takes its values by its place in the list.
    await this.run(
      `UPDATE instance SET rendition = 'rendered', reason = NULL, rendered_at = UTC_TIMESTAMP(3), verified_at = NULL,
         attempts = attempts + 1,
         rendition_format = ELT(FIELD(orthanc_id, :ids), :formats),
         rendition_bytes = ELT(FIELD(orthanc_id, :ids), :renditionBytes),
         rendition_md5 = ELT(FIELD(orthanc_id, :ids), :renditionMd5s),
         pixel_bytes = ELT(FIELD(orthanc_id, :ids), :pixelBytes)
       WHERE orthanc_id IN (:ids)`,
      {
        ids: current.map(({ orthancId }) => orthancId),
        formats: current.map(({ rendition }) => rendition.format),
        renditionBytes: current.map(({ rendition }) => rendition.renditionBytes),
        renditionMd5s: current.map(({ rendition }) => rendition.renditionMd5),
        pixelBytes: current.map(({ rendition }) => rendition.pixelBytes),
      },
    );
    return new Set(current.map(({ orthancId }) => orthancId));
  }

  voidRendition(orthancId: OrthancId, fileUuid: string): Promise<boolean> {
    return this.run(
      "UPDATE instance SET rendition = 'pending' WHERE orthanc_id = :orthancId AND file_uuid <> :fileUuid AND rendition = 'rendered'",
      { orthancId, fileUuid },
    );
  }

  markUnrendered(
    orthancId: OrthancId,
    fileUuid: string,
    state: "not-renderable" | "failed",
    reason: string,
  ): Promise<boolean> {
    return this.run(
      `UPDATE instance SET rendition = :state, reason = :reason, attempts = attempts + 1
       WHERE orthanc_id = :orthancId AND file_uuid = :fileUuid AND rendition <> :state`,
      { orthancId, fileUuid, state, reason: reason.slice(0, 1000) },
    );
  }

  requestRendition(orthancId: OrthancId): Promise<boolean> {
    return this.run(
      "UPDATE instance SET rendition = 'pending', urgency = 'live', reason = NULL WHERE orthanc_id = :orthancId AND rendition = 'failed'",
      { orthancId },
    );
  }

  markRenditionBad(orthancId: OrthancId, fileUuid: string, renditionMd5: string | null): Promise<boolean> {
    return this.run(
      `UPDATE instance SET rendition = 'pending', urgency = 'live', verified_at = NULL
       WHERE orthanc_id = :orthancId AND file_uuid = :fileUuid AND rendition_md5 <=> :renditionMd5 AND rendition = 'rendered'`,
      { orthancId, fileUuid, renditionMd5 },
    );
  }

  private async run(statement: string, replacements: Record<string, unknown>): Promise<boolean> {
    const [, affected] = await this.sequelize.query(statement, {
      replacements,
      type: QueryTypes.UPDATE,
      transaction: this.transaction,
    });
    return affected > 0;
  }
}
