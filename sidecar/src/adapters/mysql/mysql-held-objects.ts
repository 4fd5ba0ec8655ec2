import type { Sequelize } from "sequelize";
import type { HeldObjects } from "../../analysis/store-result.js";
import { Statements } from "./statements.js";

/** A statement stays far below `max_allowed_packet`, however large the object is. */
const CHUNK_BYTES = 1_000_000;

/** DICOM objects in rows of at most 1 MB. */
export class MySqlHeldObjects implements HeldObjects {
  private readonly statements: Statements;

  constructor(sequelize: Sequelize) {
    this.statements = new Statements(sequelize);
  }

  async keep(analysisId: number, sopInstanceUid: string, bytes: Uint8Array): Promise<void> {
    const object = { analysisId, sopInstanceUid };
    await this.statements.transaction(async (transaction) => {
      await this.statements.change(
        "DELETE FROM result_object WHERE analysis_id = :analysisId AND sop_instance_uid = :sopInstanceUid",
        object,
        transaction,
      );
      for (let start = 0, position = 0; start < bytes.byteLength; start += CHUNK_BYTES, position += 1)
        await this.statements.change(
          `INSERT INTO result_object (analysis_id, sop_instance_uid, position, bytes)
           VALUES (:analysisId, :sopInstanceUid, :position, :chunk)`,
          { ...object, position, chunk: Buffer.from(bytes.subarray(start, start + CHUNK_BYTES)) },
          transaction,
        );
    });
  }

  async read(analysisId: number, sopInstanceUid: string): Promise<Uint8Array<ArrayBuffer> | null> {
    const rows = await this.statements.select<{ bytes: Buffer }>(
      `SELECT bytes FROM result_object
       WHERE analysis_id = :analysisId AND sop_instance_uid = :sopInstanceUid ORDER BY position`,
      { analysisId, sopInstanceUid },
    );
    return rows.length === 0 ? null : Buffer.concat(rows.map(({ bytes }) => bytes));
  }

  async dropOthers(analysisId: number, sopInstanceUids: readonly string[]): Promise<void> {
    // Corrected segmentations are somebody's work, and stay. An empty list is no list in SQL.
    await this.statements.change(
      `DELETE FROM result_object WHERE analysis_id = :analysisId AND sop_instance_uid NOT IN (:others)
         AND sop_instance_uid NOT IN
           (SELECT corrected_sop_instance_uid FROM review WHERE analysis_id = :analysisId AND corrected_sop_instance_uid IS NOT NULL)`,
      { analysisId, others: ["", ...sopInstanceUids] },
    );
  }
}
