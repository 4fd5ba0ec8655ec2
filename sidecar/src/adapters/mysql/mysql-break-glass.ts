import type { Sequelize } from "sequelize";
import type {
  BreakGlassRecord,
  BreakGlassSearch,
  BreakGlassStore,
  NewBreakGlass,
} from "../../break-glass/break-glass-store.js";
import { Statements } from "./statements.js";

const RECORD = `SELECT id, subject, display_name AS displayName, role, token_id AS tokenId, study_instance_uid AS studyInstanceUid,
  patient_key AS patientKey, reason, source_address AS sourceAddress, user_agent AS userAgent, granted_at AS grantedAt,
  expires_at AS expiresAt, ended_at AS endedAt, ended_by AS endedBy, acknowledged_at AS acknowledgedAt,
  acknowledged_by AS acknowledgedBy, acknowledgement FROM break_glass`;

/** Break-glass accesses in MySQL or MariaDB. */
export class MySqlBreakGlass implements BreakGlassStore {
  private readonly statements: Statements;

  constructor(sequelize: Sequelize) {
    this.statements = new Statements(sequelize);
  }

  add(access: NewBreakGlass): Promise<number> {
    return this.statements.insert(
      `INSERT INTO break_glass (subject, display_name, role, token_id, study_instance_uid, patient_key, reason, source_address, user_agent, granted_at, expires_at)
       VALUES (:subject, :displayName, :role, :tokenId, :studyInstanceUid, :patientKey, :reason, :sourceAddress, :userAgent, UTC_TIMESTAMP(3), :expiresAt)`,
      { ...access },
    );
  }

  list({ unacknowledged, limit, offset }: BreakGlassSearch): Promise<BreakGlassRecord[]> {
    return this.statements.select<BreakGlassRecord>(
      `${RECORD} ${unacknowledged ? "WHERE acknowledged_at IS NULL" : ""} ORDER BY granted_at DESC, id DESC LIMIT :limit OFFSET :offset`,
      { limit, offset },
    );
  }

  async find(id: number): Promise<BreakGlassRecord | null> {
    const [row] = await this.statements.select<BreakGlassRecord>(`${RECORD} WHERE id = :id`, { id });
    return row ?? null;
  }

  async end(id: number, by: string): Promise<boolean> {
    const changed = await this.statements.change(
      `UPDATE break_glass SET ended_at = UTC_TIMESTAMP(3), ended_by = :by
       WHERE id = :id AND ended_at IS NULL AND expires_at > UTC_TIMESTAMP(3)`,
      { id, by },
    );
    return changed > 0;
  }

  async acknowledge(id: number, by: string, comment: string): Promise<boolean> {
    const changed = await this.statements.change(
      `UPDATE break_glass SET acknowledged_at = UTC_TIMESTAMP(3), acknowledged_by = :by, acknowledgement = :comment
       WHERE id = :id AND acknowledged_at IS NULL`,
      { id, by, comment },
    );
    return changed > 0;
  }
}
