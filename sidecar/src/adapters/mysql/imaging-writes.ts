import { QueryTypes, type Sequelize, type Transaction } from "sequelize";
import type { OrthancId } from "../../dicom/uid.js";
import type { InstanceRecord, RenditionRecord, SeriesRecord, StudyRecord } from "../../state/records.js";
import type { SeriesToSettle } from "../../state/state.js";
import { Overtaken } from "./connection.js";
import { InstanceModel, SeriesModel, StudyModel } from "./models/imaging.js";

/** Writes to study, series and instance within one transaction. */
export class ImagingWrites {
  constructor(
    private readonly sequelize: Sequelize,
    private readonly transaction: Transaction,
  ) {}

  async recordInstance(
    study: StudyRecord,
    series: SeriesRecord,
    instance: InstanceRecord,
  ): Promise<"new" | "changed" | "known"> {
    const { transaction } = this;
    // Parents before children, and the series locked before its instance refers to it: arrivals of one series
    // queue up here instead of meeting in a deadlock.
    if (!(await this.lockSeries(series.orthancId))) {
      await StudyModel.bulkCreate([study], { transaction, ignoreDuplicates: true });
      await SeriesModel.bulkCreate([{ ...series, state: "receiving" }], {
        transaction,
        ignoreDuplicates: true,
      });
      if (!(await this.lockSeries(series.orthancId))) {
        throw new Overtaken("the last instance of the series was deleted meanwhile");
      }
    }
    const known = await InstanceModel.findByPk(instance.orthancId, { transaction, lock: true });
    if (known?.fileUuid === instance.fileUuid) return "known";
    const fresh = {
      ...instance,
      rendition: "pending" as const,
      reason: null,
      attempts: 0,
      renditionFormat: null,
      renditionBytes: null,
      pixelBytes: null,
      renderedAt: null,
    };
    if (known !== null) {
      await known.update(fresh, { transaction });
      return "changed";
    }
    // Another process may have recorded it since: its row stands, whoever inserts first.
    const inserted = await this.insertInstance(fresh);
    return inserted ? "new" : "known";
  }

  private async lockSeries(orthancId: OrthancId): Promise<boolean> {
    const rows = await this.sequelize.query("SELECT 1 FROM series WHERE orthanc_id = :orthancId FOR UPDATE", {
      replacements: { orthancId },
      type: QueryTypes.SELECT,
      transaction: this.transaction,
    });
    return rows.length > 0;
  }

  private async insertInstance(row: InstanceRecord): Promise<boolean> {
    const [, affected] = await this.sequelize.query(
      `INSERT IGNORE INTO instance (orthanc_id, series_id, sop_instance_uid, sop_class_uid, file_uuid, transfer_syntax_uid, instance_number, number_of_frames)
       VALUES (:orthancId, :seriesId, :sopInstanceUid, :sopClassUid, :fileUuid, :transferSyntaxUid, :instanceNumber, :numberOfFrames)`,
      { replacements: { ...row }, type: QueryTypes.INSERT, transaction: this.transaction },
    );
    return affected === 1;
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

  async deleteInstance(orthancId: OrthancId): Promise<void> {
    const { transaction } = this;
    const instance = await InstanceModel.findByPk(orthancId, { transaction });
    if (instance === null) return;
    const { seriesId } = instance;
    // The series before the instance, as arrivals do: none arrives between the count and the removal.
    const series = await SeriesModel.findByPk(seriesId, { transaction, lock: true });
    await InstanceModel.destroy({ where: { orthancId }, transaction });
    if (series === null || (await InstanceModel.count({ where: { seriesId }, transaction })) > 0) return;
    await this.run("DELETE FROM analysis WHERE series_id = :seriesId", { seriesId });
    await series.destroy({ transaction });
    const study = await StudyModel.findByPk(series.studyId, { transaction, lock: true });
    if ((await SeriesModel.count({ where: { studyId: series.studyId }, transaction })) === 0)
      await study?.destroy({ transaction });
  }

  markRendered(
    orthancId: OrthancId,
    fileUuid: string,
    { format, renditionBytes, pixelBytes }: RenditionRecord,
  ): Promise<boolean> {
    return this.run(
      `UPDATE instance SET rendition = 'rendered', reason = NULL, rendition_format = :format, rendition_bytes = :renditionBytes,
         pixel_bytes = :pixelBytes, rendered_at = UTC_TIMESTAMP(3), attempts = attempts + 1
       WHERE orthanc_id = :orthancId AND file_uuid = :fileUuid AND rendition <> 'rendered'`,
      { orthancId, fileUuid, format, renditionBytes, pixelBytes },
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
      "UPDATE instance SET rendition = 'pending', reason = NULL WHERE orthanc_id = :orthancId AND rendition = 'failed'",
      { orthancId },
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
