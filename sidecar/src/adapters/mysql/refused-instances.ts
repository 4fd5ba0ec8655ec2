import { QueryTypes, type Sequelize, type Transaction } from "sequelize";
import type { OrthancId } from "../../dicom/uid.js";

/** Writes to refused_instance within one transaction. */
export class RefusedInstanceWrites {
  constructor(
    private readonly sequelize: Sequelize,
    private readonly transaction: Transaction,
  ) {}

  refuse(orthancId: OrthancId, fileUuid: string, reason: string): Promise<boolean> {
    return this.run(
      `INSERT INTO refused_instance (orthanc_id, file_uuid, reason) VALUES (:orthancId, :fileUuid, :reason)
       ON DUPLICATE KEY UPDATE file_uuid = VALUES(file_uuid), reason = VALUES(reason)`,
      { orthancId, fileUuid, reason: reason.slice(0, 1000) },
    );
  }

  reconsider(orthancId: OrthancId): Promise<boolean> {
    return this.run(
      "UPDATE refused_instance SET file_uuid = NULL, attempts = attempts + 1 WHERE orthanc_id = :orthancId",
      { orthancId },
    );
  }

  forget(orthancId: OrthancId): Promise<boolean> {
    return this.run("DELETE FROM refused_instance WHERE orthanc_id = :orthancId", { orthancId });
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
