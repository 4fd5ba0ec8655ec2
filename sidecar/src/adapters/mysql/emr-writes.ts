import type { Sequelize, Transaction } from "sequelize";
import type { ChartQuestions } from "../../emr/chart-questions.js";
import type { EmrTransaction, KeptAnswer } from "../../emr/emr-store.js";
import type { MergeRecord } from "../../emr/merge-record.js";
import { COLUMNS } from "../../emr/record-columns.js";
import type {
  Actor,
  ClinicalKind,
  ContentOf,
  PatientIdentifier,
  RecordKind,
  RowOf,
} from "../../emr/records.js";
import { MySqlChartQuestions } from "./emr-chart-questions.js";
import { EmrMergeWrites } from "./emr-merge-writes.js";
import { EmrPatientWrites } from "./emr-patient-writes.js";
import { RECORD, rowOf, type StoredRecord } from "./emr-rows.js";
import { activeTraceparent } from "../../tracing/active-trace.js";
import { OutboxModel } from "./models/work.js";
import type { Wake } from "./repeated-transaction.js";
import { Statements } from "./statements.js";

/** Writes of the EMR within one transaction. */
export class EmrWrites implements EmrTransaction {
  private readonly statements: Statements;
  readonly chartQuestions: ChartQuestions;
  private readonly patients: EmrPatientWrites;
  private readonly merging: EmrMergeWrites;

  constructor(
    sequelize: Sequelize,
    private readonly transaction: Transaction,
    private readonly wakes: Set<Wake>,
    private readonly destinations: readonly string[],
  ) {
    this.statements = new Statements(sequelize);
    this.patients = new EmrPatientWrites(this.statements, transaction);
    this.merging = new EmrMergeWrites(this.statements, transaction);
    this.chartQuestions = new MySqlChartQuestions(this.statements, transaction);
  }

  async takeIdempotencyKey(keyHash: string, requestHash: string): Promise<KeptAnswer | null> {
    const values = { keyHash, requestHash };
    // Another request with this key holds its row until it commits: this one waits here for its answer.
    await this.statements.change(
      `INSERT INTO emr_idempotency (key_hash, request_hash, answer, created_at) VALUES (:keyHash, :requestHash, '', UTC_TIMESTAMP(3))
       ON DUPLICATE KEY UPDATE key_hash = key_hash`,
      values,
      this.transaction,
    );
    const [row] = await this.select<{ requestHash: string; answer: string }>(
      "SELECT request_hash AS requestHash, answer FROM emr_idempotency WHERE key_hash = :keyHash FOR UPDATE",
      values,
    );
    if (row === undefined || row.answer === "") return null;
    return { requestHash: row.requestHash, answer: JSON.parse(row.answer) as unknown };
  }

  async keepAnswer(keyHash: string, answer: unknown): Promise<void> {
    await this.change("UPDATE emr_idempotency SET answer = :answer WHERE key_hash = :keyHash", {
      keyHash,
      answer: JSON.stringify(answer),
    });
  }

  async lock<Kind extends RecordKind>(kind: Kind, id: string): Promise<RowOf[Kind] | null> {
    const [held] = await this.select<{ id: string }>(
      "SELECT id FROM emr_record WHERE id = :id AND kind = :kind FOR UPDATE",
      { id, kind },
    );
    if (held === undefined) return null;
    const [row] = await this.select<StoredRecord>(`${RECORD} WHERE emr_record.id = :id`, { id });
    return row === undefined ? null : rowOf(kind, row);
  }

  async insert<Kind extends RecordKind>(
    kind: Kind,
    id: string,
    content: ContentOf[Kind],
    actor: Actor,
  ): Promise<RowOf[Kind]> {
    const { codes, ...columns } = COLUMNS[kind](content);
    const patientId = "patientId" in content ? content.patientId : id;
    const values = { ...columns, ...written(content, actor), id, kind, patientId, version: 1 };
    await this.statements.insert(
      `INSERT INTO emr_record (id, kind, version, patient_id, encounter_id, order_id, status, category, effective_at, content,
         created_at, created_by, created_by_name, updated_at, updated_by, updated_by_name)
       VALUES (:id, :kind, :version, :patientId, :encounterId, :orderId, :status, :category, :effectiveAt, :json,
         :at, :subject, :display, :at, :subject, :display)`,
      values,
      this.transaction,
    );
    return this.finish(kind, id, values, codes);
  }

  async update<Kind extends RecordKind>(
    kind: Kind,
    before: RowOf[Kind],
    content: ContentOf[Kind],
    actor: Actor,
  ): Promise<RowOf[Kind]> {
    const { codes, ...columns } = COLUMNS[kind](content);
    const patientId = "patientId" in content ? content.patientId : before.id;
    const values = {
      ...columns,
      ...written(content, actor),
      id: before.id,
      patientId,
      version: before.version + 1,
    };
    await this.change(
      `UPDATE emr_record SET version = :version, patient_id = :patientId, encounter_id = :encounterId, order_id = :orderId,
         status = :status, category = :category, effective_at = :effectiveAt, content = :json, updated_at = :at,
         updated_by = :subject, updated_by_name = :display WHERE id = :id`,
      values,
    );
    await this.change("DELETE FROM emr_code WHERE record_id = :id", { id: before.id });
    return this.finish(kind, before.id, values, codes);
  }

  private async finish<Kind extends RecordKind>(
    kind: Kind,
    id: string,
    values: Record<string, unknown>,
    codes: readonly { readonly system: string; readonly code: string }[],
  ): Promise<RowOf[Kind]> {
    await this.statements.insert(
      `INSERT INTO emr_version (id, version, content, recorded_at, recorded_by, recorded_by_name)
       VALUES (:id, :version, :json, :at, :subject, :display)`,
      values,
      this.transaction,
    );
    const rows = codes.map(({ system, code }) => [id, system, code]);
    if (rows.length > 0)
      await this.change(
        "INSERT INTO emr_code (record_id, code_system, code) VALUES :rows ON DUPLICATE KEY UPDATE code = VALUES(code)",
        { rows },
      );
    if (kind === "patient") await this.patients.keepRow(id, String(values["json"]));
    const row = await this.lock(kind, id);
    if (row === null) throw new Error("the record just written is not there");
    return row;
  }

  claimIdentifiers(patientId: string, identifiers: readonly PatientIdentifier[]) {
    this.wakes.add("identity");
    return this.patients.claimIdentifiers(patientId, identifiers);
  }

  describePatient(row: RowOf["patient"]): Promise<string[]> {
    return this.patients.describe(row);
  }

  async claimAccession(orderId: string, issuer: string, accessionNumber: string): Promise<boolean> {
    this.wakes.add("identity");
    const values = { orderId, issuer, accessionNumber };
    await this.change(
      `INSERT INTO emr_accession (issuer, accession_number, order_id) VALUES (:issuer, :accessionNumber, :orderId)
       ON DUPLICATE KEY UPDATE order_id = order_id`,
      values,
    );
    const [row] = await this.select<{ orderId: string }>(
      "SELECT order_id AS orderId FROM emr_accession WHERE issuer = :issuer AND accession_number = :accessionNumber FOR UPDATE",
      values,
    );
    if (row?.orderId !== orderId) return false;
    await this.change(
      "DELETE FROM emr_accession WHERE order_id = :orderId AND NOT (issuer = :issuer AND accession_number = :accessionNumber)",
      values,
    );
    await this.reconsiderAccession(accessionNumber);
    return true;
  }

  async releaseAccession(orderId: string): Promise<void> {
    this.wakes.add("identity");
    const rows = await this.select<{ accessionNumber: string }>(
      "SELECT accession_number AS accessionNumber FROM emr_accession WHERE order_id = :orderId",
      { orderId },
    );
    for (const { accessionNumber } of rows) await this.reconsiderAccession(accessionNumber);
    await this.change("DELETE FROM emr_accession WHERE order_id = :orderId", { orderId });
  }

  private async reconsiderAccession(accessionNumber: string): Promise<void> {
    await this.change(
      "UPDATE emr_study_link JOIN study ON study.orthanc_id = emr_study_link.study_id SET emr_study_link.due = TRUE WHERE study.accession_number = :accessionNumber",
      { accessionNumber },
    );
  }

  recordsOf(patientId: string): Promise<{ kind: ClinicalKind; id: string }[]> {
    return this.select<{ kind: ClinicalKind; id: string }>(
      `SELECT kind, id FROM emr_record WHERE patient_id = :patientId AND kind <> 'patient' AND status <> 'entered-in-error'
       ORDER BY number FOR UPDATE`,
      { patientId },
    );
  }

  async unlinkedStudies(patientId: string, studyInstanceUids: readonly string[]): Promise<string[]> {
    if (studyInstanceUids.length === 0) return [];
    const rows = await this.select<{ uid: string }>(
      `SELECT study.study_instance_uid AS uid FROM study JOIN emr_study_link ON emr_study_link.study_id = study.orthanc_id
       WHERE emr_study_link.state = 'linked' AND emr_study_link.patient_id = :patientId AND study.study_instance_uid IN (:uids)`,
      { patientId, uids: [...studyInstanceUids] },
    );
    const linked = new Set(rows.map(({ uid }) => uid));
    return studyInstanceUids.filter((uid) => !linked.has(uid));
  }

  setMergedInto(patientId: string, survivorId: string | null): Promise<void> {
    this.wakes.add("identity");
    return this.merging.setMergedInto(patientId, survivorId);
  }

  addMerge(merge: MergeRecord): Promise<void> {
    return this.merging.add(merge);
  }

  lockMerge(id: string): Promise<MergeRecord | null> {
    return this.merging.lock(id);
  }

  mergesInForce(patientId: string): Promise<MergeRecord[]> {
    return this.merging.inForce(patientId);
  }

  undoMerge(id: string, reason: string, actor: Actor, at: Date): Promise<void> {
    return this.merging.undo(id, reason, actor, at);
  }

  reconsiderStudies(patientIds: readonly string[]): Promise<void> {
    this.wakes.add("identity");
    return this.patients.reconsiderStudies(patientIds);
  }

  async announce(kind: RecordKind, id: string, patientId: string, source?: string): Promise<void> {
    if (kind === "order" || kind === "patient") this.wakes.add("worklists");
    this.wakes.add("outbox");
    const [patient] = await this.select<{ patientKey: string }>(
      "SELECT patient_key AS patientKey FROM emr_patient WHERE id = :patientId",
      { patientId },
    );
    if (patient === undefined) throw new Error("a record without a patient has nowhere to go");
    for (const destination of this.destinations.filter((name) => name !== source))
      await OutboxModel.create(
        { destination, aggregate: patient.patientKey, kind, subject: id, traceparent: activeTraceparent() },
        { transaction: this.transaction },
      );
  }

  private select<T extends object>(statement: string, values: Record<string, unknown>): Promise<T[]> {
    return this.statements.select<T>(statement, values, this.transaction);
  }

  private change(statement: string, values: Record<string, unknown>): Promise<number> {
    return this.statements.change(statement, values, this.transaction);
  }
}

function written(content: object, { subject, display }: Actor) {
  return {
    json: JSON.stringify(content),
    at: new Date(),
    subject,
    display: display.slice(0, 255),
  };
}
