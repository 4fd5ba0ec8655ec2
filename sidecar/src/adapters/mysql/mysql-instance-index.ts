import { QueryTypes, type Sequelize } from "sequelize";
import type { InstanceAddress } from "../../dicomweb/instance-address.js";
import type { InstanceIndex, KnownInstance } from "../../dicomweb/known-instances.js";

const COLUMNS = `instance.orthanc_id AS orthancId, series.series_instance_uid AS seriesInstanceUid,
  instance.sop_instance_uid AS sopInstanceUid, instance.file_uuid AS fileUuid, instance.transfer_syntax_uid AS transferSyntaxUid,
  instance.number_of_frames AS numberOfFrames, instance.rendition = 'rendered' AS rendered, instance.rendition_md5 AS renditionMd5`;
const TABLES =
  "instance JOIN series ON series.orthanc_id = instance.series_id JOIN study ON study.orthanc_id = series.study_id";

type Row = Omit<KnownInstance, "rendered"> & { readonly rendered: number };

/** The instances that have arrived. */
export class MySqlInstanceIndex implements InstanceIndex {
  constructor(private readonly sequelize: Sequelize) {}

  instancesAt(address: InstanceAddress): Promise<KnownInstance[]> {
    return this.select(
      `SELECT ${COLUMNS} FROM ${TABLES}
       WHERE instance.sop_instance_uid = :sopInstanceUid AND series.series_instance_uid = :seriesInstanceUid
         AND study.study_instance_uid = :studyInstanceUid`,
      { ...address },
    );
  }

  instancesUnder(studyInstanceUid: string, seriesInstanceUid: string | undefined): Promise<KnownInstance[]> {
    const within =
      seriesInstanceUid === undefined ? "" : "AND series.series_instance_uid = :seriesInstanceUid";
    return this.select(
      `SELECT ${COLUMNS} FROM ${TABLES} WHERE study.study_instance_uid = :studyInstanceUid ${within}
       ORDER BY series.series_number, series.series_instance_uid, instance.instance_number, instance.sop_instance_uid`,
      { studyInstanceUid, seriesInstanceUid },
    );
  }

  private async select(sql: string, replacements: Record<string, unknown>): Promise<KnownInstance[]> {
    const rows = await this.sequelize.query<Row>(sql, { replacements, type: QueryTypes.SELECT });
    return rows.map((row) => ({ ...row, rendered: row.rendered === 1 }));
  }
}
