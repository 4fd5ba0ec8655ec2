import type { Sequelize } from "sequelize";
import type { EmrReach } from "../../emr/emr-reach.js";
import type { EmrStore, EmrTransaction, LinkedStudy, Page, ScheduledOrder } from "../../emr/emr-store.js";
import type { MergeRecord } from "../../emr/merge-record.js";
import type { RecordSearch } from "../../emr/record-search.js";
import type { ContentOf, OrderRow, PatientRow, RecordKind, RowOf } from "../../emr/records.js";
import { MERGE, RECORD, mergeOf, rowOf, type StoredMerge, type StoredRecord } from "./emr-rows.js";
import { reachSql, searchSql } from "./emr-search-sql.js";
import { EmrWrites } from "./emr-writes.js";
import { repeatedTransaction, type Wake } from "./repeated-transaction.js";
import { Statements } from "./statements.js";

/** Longest chain of merges that is followed; there is no cycle, and no chain this long. */
const LONGEST_CHAIN = 50;
const EVERYBODY: EmrReach = { everybody: true };

/** The EMR's records in MySQL or MariaDB. */
export class MySqlEmr implements EmrStore {
  private readonly statements: Statements;

  constructor(
    private readonly sequelize: Sequelize,
    private readonly onCommit: (wakes: ReadonlySet<Wake>) => void,
    /** Names of outbox destinations that get every change. */
    private readonly destinations: readonly string[],
  ) {
    this.statements = new Statements(sequelize);
  }

  transaction<T>(work: (transaction: EmrTransaction) => Promise<T>): Promise<T> {
    return repeatedTransaction(this.sequelize, this.onCommit, (transaction, wakes) =>
      work(new EmrWrites(this.sequelize, transaction, wakes, this.destinations)),
    );
  }

  async find<Kind extends RecordKind>(kind: Kind, id: string, reach: EmrReach): Promise<RowOf[Kind] | null> {
    const within = reachSql(reach);
    const [row] = await this.statements.select<StoredRecord>(
      `${RECORD} WHERE emr_record.id = :id AND emr_record.kind = :kind AND ${within.sql}`,
      { ...within.values, id, kind },
    );
    return row === undefined ? null : rowOf(kind, row);
  }

  async search<Kind extends RecordKind>(
    kind: Kind,
    search: RecordSearch,
    reach: EmrReach,
  ): Promise<Page<RowOf[Kind]>> {
    const [within, asked] = [reachSql(reach), searchSql(kind, search)];
    const rows = await this.statements.select<StoredRecord>(
      `${RECORD} WHERE ${asked.sql} AND ${within.sql} ORDER BY emr_record.number DESC LIMIT :rows`,
      { ...within.values, ...asked.values, rows: search.limit + 1 },
    );
    const shown = rows.slice(0, search.limit);
    return {
      records: shown.map((row) => rowOf(kind, row)),
      next: rows.length > shown.length ? (shown.at(-1)?.number ?? null) : null,
    };
  }

  async version<Kind extends RecordKind>(
    kind: Kind,
    id: string,
    version: number,
  ): Promise<ContentOf[Kind] | null> {
    const [row] = await this.statements.select<{ content: string }>(
      `SELECT emr_version.content FROM emr_version JOIN emr_record ON emr_record.id = emr_version.id
       WHERE emr_version.id = :id AND emr_version.version = :version AND emr_record.kind = :kind`,
      { id, version, kind },
    );
    return row === undefined ? null : (JSON.parse(row.content) as ContentOf[Kind]);
  }

  patient = (id: string) => this.find("patient", id, EVERYBODY);
  encounter = (id: string) => this.find("encounter", id, EVERYBODY);
  condition = (id: string) => this.find("condition", id, EVERYBODY);
  order = (id: string) => this.find("order", id, EVERYBODY);
  observation = (id: string) => this.find("observation", id, EVERYBODY);
  report = (id: string) => this.find("report", id, EVERYBODY);

  async patients(ids: readonly string[]): Promise<PatientRow[]> {
    if (ids.length === 0) return [];
    return this.rows("patient", "emr_record.id IN (:ids)", { ids: [...ids] });
  }

  mergedPatients(id: string): Promise<PatientRow[]> {
    return this.rows("patient", "emr_patient.merged_into = :id", { id });
  }

  async patientOfStudy(studyId: string): Promise<PatientRow | null> {
    const [link] = await this.statements.select<{ patientId: string }>(
      "SELECT patient_id AS patientId FROM emr_study_link WHERE study_id = :studyId AND state = 'linked'",
      { studyId },
    );
    let patient = link === undefined ? null : await this.patient(link.patientId);
    for (let step = 0; step < LONGEST_CHAIN && patient?.mergedInto != null; step += 1)
      patient = await this.patient(patient.mergedInto);
    return patient;
  }

  async ordersOfStudy(studyId: string): Promise<OrderRow[]> {
    const [link] = await this.statements.select<{ orderIds: string | null }>(
      "SELECT order_ids AS orderIds FROM emr_study_link WHERE study_id = :studyId AND state = 'linked'",
      { studyId },
    );
    const ids = JSON.parse(link?.orderIds ?? "[]") as string[];
    return ids.length === 0 ? [] : this.rows("order", "emr_record.id IN (:ids)", { ids });
  }

  async studiesOfOrder(orderId: string): Promise<string[]> {
    const studies = await this.studiesShownBy(orderId);
    return studies.map(({ studyInstanceUid }) => studyInstanceUid);
  }

  async studiesShownBy(orderId: string): Promise<LinkedStudy[]> {
    return this.statements.select<LinkedStudy>(
      `SELECT study.study_instance_uid AS studyInstanceUid, study.study_date AS studyDate,
         study.study_description AS studyDescription, study.accession_number AS accessionNumber,
         (SELECT COUNT(*) FROM series JOIN instance ON instance.series_id = series.orthanc_id WHERE series.study_id = study.orthanc_id) AS instanceCount
       FROM emr_accession JOIN study ON study.accession_number = emr_accession.accession_number
         JOIN emr_study_link ON emr_study_link.study_id = study.orthanc_id
       WHERE emr_accession.order_id = :orderId AND emr_study_link.state = 'linked' AND emr_study_link.order_ids LIKE :member
       ORDER BY study.study_date, study.orthanc_id`,
      { orderId, member: `%"${orderId}"%` },
    );
  }

  async possibleDuplicates(patientId: string): Promise<string[]> {
    const rows = await this.statements.select<{ id: string }>(
      `SELECT DISTINCT other.patient_id AS id FROM emr_likeness AS mine
         JOIN emr_likeness AS other ON other.likeness = mine.likeness AND other.patient_id <> mine.patient_id
         JOIN emr_patient ON emr_patient.id = other.patient_id AND emr_patient.merged_into IS NULL
       WHERE mine.patient_id = :patientId ORDER BY id LIMIT 50`,
      { patientId },
    );
    return rows.map(({ id }) => id);
  }

  async scheduledOrders(): Promise<ScheduledOrder[]> {
    const orders = await this.rows(
      "order",
      "emr_record.category = 'radiology' AND emr_record.status = 'active'",
      {},
    );
    const scheduled = orders.filter(
      (order): order is ScheduledOrder["order"] =>
        order.kind === "radiology" && order.scheduledStart !== null,
    );
    const patients = await this.patients([...new Set(scheduled.map(({ patientId }) => patientId))]);
    const patientOf = new Map(patients.map((patient) => [patient.id, patient]));
    return scheduled.flatMap((order) => {
      const patient = patientOf.get(order.patientId);
      return patient === undefined ? [] : [{ order, patient }];
    });
  }

  async forgetAnswers(olderThanHours: number): Promise<number> {
    return this.statements.change(
      "DELETE FROM emr_idempotency WHERE created_at < UTC_TIMESTAMP(3) - INTERVAL :hours HOUR LIMIT 10000",
      { hours: olderThanHours },
    );
  }

  async merges(patientId: string): Promise<MergeRecord[]> {
    const rows = await this.statements.select<StoredMerge>(
      `${MERGE} WHERE merged_id = :patientId OR survivor_id = :patientId ORDER BY merged_at DESC, id`,
      { patientId },
    );
    return rows.map(mergeOf);
  }

  private async rows<Kind extends RecordKind>(
    kind: Kind,
    condition: string,
    values: Record<string, unknown>,
  ): Promise<RowOf[Kind][]> {
    const rows = await this.statements.select<StoredRecord>(
      `${RECORD} WHERE emr_record.kind = :kind AND ${condition} ORDER BY emr_record.number`,
      { ...values, kind },
    );
    return rows.map((row) => rowOf(kind, row));
  }
}
