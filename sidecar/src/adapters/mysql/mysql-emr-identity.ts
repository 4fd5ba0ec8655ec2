import { randomUUID } from "node:crypto";
import type { Sequelize, Transaction } from "sequelize";
import { patientKeyOf } from "../../dicom/patient-key.js";
import type {
  DueStudy,
  IdentityItem,
  IdentityStore,
  IdentityTransaction,
  StudyDecision,
} from "../../emr/identity-store.js";
import type { StudyMatch, StudyToMatch } from "../../emr/match-study.js";
import type { Actor, PatientRow } from "../../emr/records.js";
import { ITEM, itemOf, type StoredItem } from "./emr-identity-rows.js";
import { RECORD, rowOf, type StoredRecord } from "./emr-rows.js";
import { activeTraceparent } from "../../tracing/active-trace.js";
import { OutboxModel } from "./models/work.js";
import { repeatedTransaction, type Wake } from "./repeated-transaction.js";
import { Statements } from "./statements.js";

interface StoredLink {
  readonly studyId: string;
  readonly state: StudyMatch["state"] | "new";
  readonly patientId: string | null;
  readonly facts: string | null;
  readonly decidedBy: string | null;
}
type StudyColumns = Omit<StudyToMatch, "defaultIssuer" | "byIdentifier" | "byValue" | "orders">;

const STUDY = `SELECT study.orthanc_id AS studyId, study.patient_id AS patientId, study.issuer_of_patient_id AS issuerOfPatientId,
  study.patient_name AS patientName, study.patient_birth_date AS patientBirthDate, study.patient_sex AS patientSex,
  study.accession_number AS accessionNumber FROM study WHERE study.orthanc_id = :studyId`;

/** Which study is whose, in MySQL or MariaDB. */
export class MySqlEmrIdentity implements IdentityStore {
  private readonly statements: Statements;

  constructor(
    private readonly sequelize: Sequelize,
    private readonly onCommit: (wakes: ReadonlySet<Wake>) => void,
    private readonly destinations: readonly string[],
  ) {
    this.statements = new Statements(sequelize);
  }

  transaction<T>(work: (transaction: IdentityTransaction) => Promise<T>): Promise<T> {
    return repeatedTransaction(this.sequelize, this.onCommit, (transaction, wakes) =>
      work(new IdentityWrites(this.statements, transaction, wakes, this.destinations)),
    );
  }

  async list(state: "open" | "resolved", limit: number, after: number | null) {
    const rows = await this.statements.select<StoredItem>(
      `${ITEM} WHERE emr_identity_item.state = :state AND emr_identity_item.number > :after
       ORDER BY emr_identity_item.number LIMIT :rows`,
      { state, after: after ?? 0, rows: limit + 1 },
    );
    const shown = rows.slice(0, limit);
    const next = rows.length > shown.length ? (shown.at(-1)?.number ?? null) : null;
    return { items: shown.map(itemOf), next };
  }

  async item(id: string): Promise<IdentityItem | null> {
    const [row] = await this.statements.select<StoredItem>(`${ITEM} WHERE emr_identity_item.id = :id`, {
      id,
    });
    return row === undefined ? null : itemOf(row);
  }

  async reconsiderWithoutIssuer(): Promise<void> {
    await this.statements.change(
      "UPDATE emr_study_link JOIN study ON study.orthanc_id = emr_study_link.study_id SET emr_study_link.due = TRUE WHERE study.issuer_of_patient_id = ''",
      {},
    );
  }
}

class IdentityWrites implements IdentityTransaction {
  constructor(
    private readonly statements: Statements,
    private readonly transaction: Transaction,
    private readonly wakes: Set<Wake>,
    private readonly destinations: readonly string[],
  ) {}

  async claimDueStudy(defaultIssuer: string): Promise<DueStudy | null> {
    const [link] = await this.select<StoredLink>(
      `SELECT study_id AS studyId, state, patient_id AS patientId, facts, decided_by AS decidedBy FROM emr_study_link
       WHERE due = TRUE LIMIT 1 FOR UPDATE SKIP LOCKED`,
      {},
    );
    if (link === undefined) return null;
    const { studyId, patientId } = link;
    const linkedTo = link.state === "linked" ? patientId : null;
    const [columns] = await this.select<StudyColumns>(STUDY, { studyId });
    const study = columns === undefined ? null : await this.surroundings(columns, defaultIssuer);
    return { studyId, study, decision: decisionOf(link), linkedTo };
  }

  private async surroundings(study: StudyColumns, defaultIssuer: string): Promise<StudyToMatch> {
    const { patientId, issuerOfPatientId, accessionNumber } = study;
    const issuer = issuerOfPatientId === "" ? defaultIssuer : issuerOfPatientId;
    const byIdentifier =
      patientId === "" || issuer === ""
        ? []
        : await this.patients("emr_identifier.patient_key = :patientKey", {
            patientKey: patientKeyOf({ issuerOfPatientId: issuer, patientId }),
          });
    const byValue =
      patientId === "" ? [] : await this.patients("emr_identifier.value = :patientId", { patientId });
    const orders =
      accessionNumber === ""
        ? []
        : await this.select<{ id: string; patientId: string }>(
            `SELECT emr_record.id, emr_record.patient_id AS patientId FROM emr_accession
               JOIN emr_record ON emr_record.id = emr_accession.order_id
             WHERE emr_accession.accession_number = :accessionNumber ORDER BY emr_record.number`,
            { accessionNumber },
          );
    return { ...study, defaultIssuer, byIdentifier: byIdentifier[0] ?? null, byValue, orders };
  }

  /** Those with such an identifier, each followed to whom they were merged into. */
  private async patients(condition: string, values: Record<string, unknown>): Promise<PatientRow[]> {
    const rows = await this.select<StoredRecord>(
      `${RECORD} WHERE emr_record.kind = 'patient' AND emr_patient.merged_into IS NULL AND emr_record.id IN (
         WITH RECURSIVE person AS (
           SELECT emr_patient.id, emr_patient.merged_into FROM emr_identifier JOIN emr_patient ON emr_patient.id = emr_identifier.patient_id
           WHERE ${condition}
           UNION SELECT emr_patient.id, emr_patient.merged_into FROM person JOIN emr_patient ON emr_patient.id = person.merged_into
         ) SELECT id FROM person) ORDER BY emr_record.number`,
      values,
    );
    return rows.map((row) => rowOf("patient", row));
  }

  async keepMatch({ studyId, study, linkedTo, decision }: DueStudy, match: StudyMatch): Promise<void> {
    if (study === null) {
      await this.change("UPDATE emr_study_link SET due = FALSE WHERE study_id = :studyId", { studyId });
      return;
    }
    const { state, patientId, orderIds, facts } = match;
    await this.change(
      `UPDATE emr_study_link SET due = FALSE, state = :state, patient_id = :patientId, order_ids = :orderIds, facts = :facts,
         decided_by = IF(:kept, decided_by, NULL), evaluated_at = UTC_TIMESTAMP(3) WHERE study_id = :studyId`,
      {
        studyId,
        state,
        patientId,
        facts,
        orderIds: JSON.stringify(orderIds),
        kept: decision !== null && decision.facts === facts,
      },
    );
    if (state === "quarantined") await this.openItem(studyId, match);
    else await this.settleItem(studyId);
    const linkedNow = state === "linked" ? patientId : null;
    // Also when it was linked before: a corrected patient or order may change what it is told as.
    if (linkedNow !== linkedTo) await this.announceStudy(studyId, linkedNow ?? linkedTo);
  }

  private async openItem(studyId: string, { reasons, candidates, facts }: StudyMatch): Promise<void> {
    await this.change(
      `INSERT INTO emr_identity_item (id, kind, subject, study_id, reasons, candidates, facts, opened_at)
       VALUES (:id, 'study', SHA2(:studyId, 256), :studyId, :reasons, :candidates, :facts, UTC_TIMESTAMP(3))
       ON DUPLICATE KEY UPDATE opened_at = IF(state = 'open', opened_at, VALUES(opened_at)), state = 'open',
         reasons = VALUES(reasons), candidates = VALUES(candidates), facts = VALUES(facts), resolution = NULL,
         resolved_patient_id = NULL, resolved_at = NULL, resolved_by = NULL, resolved_by_name = NULL, comment = NULL`,
      {
        id: randomUUID(),
        studyId,
        reasons: JSON.stringify(reasons),
        candidates: JSON.stringify(candidates),
        facts,
      },
    );
  }

  private async settleItem(studyId: string): Promise<void> {
    await this.change(
      `UPDATE emr_identity_item SET state = 'resolved', resolution = 'settled', resolved_at = UTC_TIMESTAMP(3)
       WHERE kind = 'study' AND study_id = :studyId AND state = 'open'`,
      { studyId },
    );
  }

  private async announceStudy(studyId: string, patientId: string | null): Promise<void> {
    const [aggregate] = await this.select<{ patientKey: string }>(
      `SELECT COALESCE((SELECT patient_key FROM emr_patient WHERE emr_patient.id = :patientId), study.patient_key) AS patientKey
       FROM study WHERE study.orthanc_id = :studyId`,
      { studyId, patientId },
    );
    if (aggregate === undefined) return;
    this.wakes.add("outbox");
    for (const destination of this.destinations)
      await OutboxModel.create(
        {
          destination,
          aggregate: aggregate.patientKey,
          kind: "study",
          subject: studyId,
          traceparent: activeTraceparent(),
        },
        { transaction: this.transaction },
      );
  }

  async lockItem(id: string): Promise<{ item: IdentityItem; studyId: string | null } | null> {
    const [held] = await this.select<{ studyId: string | null }>(
      "SELECT study_id AS studyId FROM emr_identity_item WHERE id = :id FOR UPDATE",
      { id },
    );
    const [row] = await this.select<StoredItem>(`${ITEM} WHERE emr_identity_item.id = :id`, { id });
    return held === undefined || row === undefined ? null : { item: itemOf(row), studyId: held.studyId };
  }

  async decideStudy(studyId: string, patientId: string | null, { subject }: Actor): Promise<void> {
    this.wakes.add("identity");
    // The facts are those of the evaluation that put it in quarantine: had they changed since, it would be due again.
    await this.change(
      `UPDATE emr_study_link SET state = :state, patient_id = :patientId, decided_by = :subject, due = TRUE WHERE study_id = :studyId`,
      { studyId, patientId, subject, state: patientId === null ? "rejected" : "linked" },
    );
    await this.announceStudy(studyId, patientId);
  }

  async reopenStudy(studyId: string): Promise<void> {
    this.wakes.add("identity");
    await this.change("UPDATE emr_study_link SET decided_by = NULL, due = TRUE WHERE study_id = :studyId", {
      studyId,
    });
  }

  async reconsiderChart(itemId: string): Promise<void> {
    await this.change(
      `UPDATE openemr_patient JOIN emr_identity_item ON emr_identity_item.subject = CONVERT(SHA2(openemr_patient.remote_uuid, 256) USING ascii)
       SET openemr_patient.digest = '' WHERE emr_identity_item.id = :itemId AND emr_identity_item.kind = 'chart'`,
      { itemId },
    );
  }

  async resolveItem(
    id: string,
    action: string,
    patientId: string | null,
    comment: string | null,
    { subject, display }: Actor,
  ): Promise<void> {
    await this.change(
      `UPDATE emr_identity_item SET state = 'resolved', resolution = :action, resolved_patient_id = :patientId,
         resolved_at = UTC_TIMESTAMP(3), resolved_by = :subject, resolved_by_name = :display, comment = :comment WHERE id = :id`,
      { id, action, patientId, comment, subject, display: display.slice(0, 255) },
    );
  }

  private select<T extends object>(statement: string, values: Record<string, unknown>): Promise<T[]> {
    return this.statements.select<T>(statement, values, this.transaction);
  }

  private change(statement: string, values: Record<string, unknown>): Promise<number> {
    return this.statements.change(statement, values, this.transaction);
  }
}

function decisionOf({ state, patientId, facts, decidedBy }: StoredLink): StudyDecision | null {
  if (decidedBy === null || facts === null || (state !== "linked" && state !== "rejected")) return null;
  return { state, patientId, facts };
}
