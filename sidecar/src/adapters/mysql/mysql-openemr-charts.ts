import type { Sequelize, Transaction } from "sequelize";
import type { ChartOutcome, KnownChart, KnownCharts, SettledChart } from "../../openemr/known-charts.js";
import type { OpenEmrPatient } from "../../openemr/openemr-api.js";
import { Statements } from "./statements.js";

interface Row {
  readonly content: string;
  readonly patientKey: string | null;
  readonly outcome: ChartOutcome;
  readonly differing: string;
  readonly fetchedAt: Date;
}

const COLUMNS = "content, patient_key AS patientKey, outcome, differing, fetched_at AS fetchedAt";
const CURSOR = "patients";
const COMPLETE = "patients-read";

/** OpenEMR's patients as they were fetched last, in MySQL or MariaDB. */
export class MySqlOpenEmrCharts implements KnownCharts {
  private readonly statements: Statements;

  constructor(sequelize: Sequelize) {
    this.statements = new Statements(sequelize);
  }

  byPatientKey(patientKey: string): Promise<KnownChart[]> {
    return this.byPatientKeys([patientKey]);
  }

  async byPatientKeys(patientKeys: readonly string[]): Promise<KnownChart[]> {
    if (patientKeys.length === 0) return [];
    const rows = await this.statements.select<Row>(
      `SELECT ${COLUMNS} FROM openemr_patient WHERE patient_key IN (:patientKeys) ORDER BY remote_uuid`,
      { patientKeys: [...patientKeys] },
    );
    return rows.map(chartOf);
  }

  async contradicting(limit: number): Promise<KnownChart[]> {
    const rows = await this.statements.select<Row>(
      `SELECT ${COLUMNS} FROM openemr_patient WHERE differing <> '' ORDER BY fetched_at DESC LIMIT :limit`,
      { limit },
    );
    return rows.map(chartOf);
  }

  async patientIdByKey(patientKey: string): Promise<string | null> {
    const [row] = await this.statements.select<{ id: string }>(
      "SELECT patient_id AS id FROM emr_identifier WHERE patient_key = :patientKey",
      { patientKey },
    );
    return row?.id ?? null;
  }

  async due(limit: number): Promise<string[]> {
    const rows = await this.statements.select<{ uuid: string }>(
      "SELECT remote_uuid AS uuid FROM openemr_patient WHERE digest = '' ORDER BY fetched_at LIMIT :limit",
      { limit },
    );
    return rows.map(({ uuid }) => uuid);
  }

  async forget(uuid: string): Promise<void> {
    await this.statements.change("DELETE FROM openemr_patient WHERE remote_uuid = :uuid", { uuid });
  }

  async digests(uuids: readonly string[]): Promise<Map<string, string>> {
    if (uuids.length === 0) return new Map();
    const rows = await this.statements.select<{ uuid: string; digest: string }>(
      "SELECT remote_uuid AS uuid, digest FROM openemr_patient WHERE remote_uuid IN (:uuids)",
      { uuids: [...uuids] },
    );
    return new Map(rows.map(({ uuid, digest }) => [uuid, digest]));
  }

  async keep(charts: readonly SettledChart[], cursor: string | null): Promise<void> {
    await this.statements.transaction(async (transaction) => {
      for (const { patient, patientKey, outcome, differing, digest } of charts)
        await this.statements.change(
          `INSERT INTO openemr_patient (remote_uuid, remote_pid, patient_key, content, digest, outcome, differing, changed_at, fetched_at)
           VALUES (:uuid, :pid, :patientKey, :content, :digest, :outcome, :differing, :changedAt, UTC_TIMESTAMP(3))
           ON DUPLICATE KEY UPDATE remote_pid = VALUES(remote_pid), patient_key = VALUES(patient_key),
             content = VALUES(content), digest = VALUES(digest), outcome = VALUES(outcome),
             differing = VALUES(differing), changed_at = VALUES(changed_at), fetched_at = VALUES(fetched_at)`,
          {
            uuid: patient.uuid,
            pid: patient.pid,
            patientKey,
            content: JSON.stringify(patient),
            digest,
            outcome,
            differing: differing.join(","),
            changedAt: patient.date,
          },
          transaction,
        );
      if (cursor !== null) await this.move(CURSOR, cursor, transaction);
    });
  }

  cursor(): Promise<string | null> {
    return this.position(CURSOR);
  }

  complete(asOf: Date): Promise<void> {
    return this.move(COMPLETE, asOf.toISOString());
  }

  async completeAsOf(): Promise<Date | null> {
    const position = await this.position(COMPLETE);
    return position === null ? null : new Date(position);
  }

  private async move(name: string, position: string, transaction?: Transaction): Promise<void> {
    await this.statements.change(
      "INSERT INTO openemr_cursor (name, position) VALUES (:name, :position) ON DUPLICATE KEY UPDATE position = VALUES(position)",
      { name, position },
      transaction,
    );
  }

  private async position(name: string): Promise<string | null> {
    const [row] = await this.statements.select<{ position: string }>(
      "SELECT position FROM openemr_cursor WHERE name = :name",
      { name },
    );
    return row?.position ?? null;
  }
}

function chartOf({ content, patientKey, outcome, differing, fetchedAt }: Row): KnownChart {
  return {
    patient: JSON.parse(content) as OpenEmrPatient,
    patientKey,
    outcome,
    differing: differing === "" ? [] : differing.split(","),
    fetchedAt,
  };
}
