import type { Sequelize } from "sequelize";
import { isUserRole } from "../../authorization/permissions.js";
import type { LaunchedSession, LaunchedSessionStore } from "../../smart-launch/launched-session-store.js";
import { Statements } from "./statements.js";

interface Row {
  readonly id: string;
  readonly subject: string;
  readonly displayName: string;
  readonly role: string;
  readonly labels: string;
  readonly patientId: string;
  readonly issuerOfPatientId: string;
  readonly expiresAt: Date;
}

const SESSION = `SELECT id, subject, display_name AS displayName, role, labels, patient_id AS patientId,
  issuer_of_patient_id AS issuerOfPatientId, expires_at AS expiresAt
  FROM launched_session WHERE id = :id AND expires_at > UTC_TIMESTAMP(3)`;

/** Sessions that an EMR launched, in MySQL or MariaDB. */
export class MySqlLaunchedSessions implements LaunchedSessionStore {
  private readonly statements: Statements;

  constructor(sequelize: Sequelize) {
    this.statements = new Statements(sequelize);
  }

  async useLaunch(stateHash: string, keptUntil: Date): Promise<boolean> {
    await this.statements.change("DELETE FROM used_launch WHERE kept_until < UTC_TIMESTAMP(3) LIMIT 100", {});
    const used = await this.statements.change(
      "INSERT IGNORE INTO used_launch (state_hash, kept_until) VALUES (:stateHash, :keptUntil)",
      { stateHash, keptUntil },
    );
    return used > 0;
  }

  async add({ patient, labels, ...session }: LaunchedSession, secretHash: string): Promise<void> {
    await this.statements.change(
      "DELETE FROM launched_session WHERE expires_at < UTC_TIMESTAMP(3) LIMIT 100",
      {},
    );
    await this.statements.change(
      `INSERT INTO launched_session (id, secret_hash, subject, display_name, role, labels, patient_id, issuer_of_patient_id, expires_at)
       VALUES (:id, :secretHash, :subject, :displayName, :role, :labels, :patientId, :issuerOfPatientId, :expiresAt)`,
      { ...session, ...patient, labels: JSON.stringify(labels), secretHash },
    );
  }

  async find(id: string): Promise<LaunchedSession | null> {
    const [row] = await this.statements.select<Row>(SESSION, { id });
    return sessionOf(row);
  }

  async findBySecret(id: string, secretHash: string): Promise<LaunchedSession | null> {
    const [row] = await this.statements.select<Row>(`${SESSION} AND secret_hash = :secretHash`, {
      id,
      secretHash,
    });
    return sessionOf(row);
  }

  async end(id: string): Promise<void> {
    await this.statements.change("DELETE FROM launched_session WHERE id = :id", { id });
  }
}

function sessionOf(row: Row | undefined): LaunchedSession | null {
  if (row === undefined || !isUserRole(row.role)) return null;
  const { role, labels, patientId, issuerOfPatientId, ...rest } = row;
  return {
    ...rest,
    role,
    labels: JSON.parse(labels) as string[],
    patient: { patientId, issuerOfPatientId },
  };
}
