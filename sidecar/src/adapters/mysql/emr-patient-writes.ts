import { createHash, randomUUID } from "node:crypto";
import type { Transaction } from "sequelize";
import { patientKeyOf } from "../../dicom/patient-key.js";
import { likenessesOf } from "../../emr/patient-likeness.js";
import { searchableName } from "../../emr/person-name.js";
import type { PatientContent, PatientIdentifier, PatientRow } from "../../emr/records.js";
import type { Statements } from "./statements.js";

/** What stands beside a patient's record: identifiers, what it is found by, whom it resembles. */
export class EmrPatientWrites {
  constructor(
    private readonly statements: Statements,
    private readonly transaction: Transaction,
  ) {}

  async keepRow(id: string, json: string): Promise<void> {
    const { identifiers, name, birthDate } = JSON.parse(json) as PatientContent;
    const [primary] = identifiers;
    if (primary === undefined) throw new Error("a patient without an identifier");
    await this.change(
      `INSERT INTO emr_patient (id, patient_key, name, birth_date) VALUES (:id, :patientKey, :name, :birthDate)
       ON DUPLICATE KEY UPDATE name = VALUES(name), birth_date = VALUES(birth_date)`,
      { id, patientKey: keyOf(primary), name: searchableName(name), birthDate },
    );
  }

  async claimIdentifiers(
    patientId: string,
    identifiers: readonly PatientIdentifier[],
  ): Promise<{ patientId: string; identifier: PatientIdentifier } | null> {
    await this.reconsiderStudies([patientId]);
    const keys = identifiers.map(keyOf);
    await this.change(
      `DELETE FROM emr_identifier WHERE patient_id = :patientId ${keys.length === 0 ? "" : "AND patient_key NOT IN (:keys)"}`,
      { patientId, keys },
    );
    for (const identifier of identifiers) {
      const values = { ...identifier, patientId, patientKey: keyOf(identifier) };
      await this.change(
        `INSERT INTO emr_identifier (patient_key, patient_id, issuer, value) VALUES (:patientKey, :patientId, :issuer, :value)
         ON DUPLICATE KEY UPDATE patient_key = patient_key`,
        values,
      );
      const [row] = await this.statements.select<{ patientId: string }>(
        "SELECT patient_id AS patientId FROM emr_identifier WHERE patient_key = :patientKey FOR UPDATE",
        values,
        this.transaction,
      );
      if (row !== undefined && row.patientId !== patientId) return { patientId: row.patientId, identifier };
    }
    await this.reconsiderStudies([patientId]);
    return null;
  }

  /** Whom the patient resembles is asked of a person, once for each pair. */
  async describe(row: PatientRow): Promise<string[]> {
    const { id } = row;
    const likenesses = likenessesOf(row);
    await this.change("DELETE FROM emr_likeness WHERE patient_id = :id", { id });
    if (likenesses.length > 0)
      await this.change("INSERT INTO emr_likeness (likeness, patient_id) VALUES :rows", {
        rows: likenesses.map((likeness) => [likeness, id]),
      });
    const alike =
      likenesses.length === 0
        ? []
        : await this.statements.select<{ id: string }>(
            `SELECT DISTINCT emr_likeness.patient_id AS id FROM emr_likeness
               JOIN emr_patient ON emr_patient.id = emr_likeness.patient_id AND emr_patient.merged_into IS NULL
             WHERE emr_likeness.likeness IN (:likenesses) AND emr_likeness.patient_id <> :id ORDER BY id LIMIT 50`,
            { likenesses, id },
            this.transaction,
          );
    for (const other of alike) await this.askAboutPair(id, other.id);
    return alike.map(({ id: other }) => other);
  }

  private async askAboutPair(one: string, other: string): Promise<void> {
    const pair = [one, other].sort();
    const subject = createHash("sha256").update(pair.join("\u0000")).digest("hex");
    await this.change(
      `INSERT INTO emr_identity_item (id, kind, subject, reasons, candidates, facts, opened_at)
       VALUES (:id, 'duplicate', :subject, :reasons, :candidates, :subject, UTC_TIMESTAMP(3))
       ON DUPLICATE KEY UPDATE subject = VALUES(subject)`,
      {
        id: randomUUID(),
        subject,
        reasons: JSON.stringify(["same-name-birth-date-and-sex"]),
        candidates: JSON.stringify(pair),
      },
    );
  }

  /** Studies of these patients, and those that carry one of their identifiers. */
  async reconsiderStudies(patientIds: readonly string[]): Promise<void> {
    const values = { patientIds: [...patientIds] };
    await this.change("UPDATE emr_study_link SET due = TRUE WHERE patient_id IN (:patientIds)", values);
    await this.change(
      `UPDATE emr_study_link JOIN study ON study.orthanc_id = emr_study_link.study_id
         JOIN emr_identifier ON emr_identifier.value = study.patient_id SET emr_study_link.due = TRUE
       WHERE emr_identifier.patient_id IN (:patientIds)`,
      values,
    );
  }

  private change(statement: string, values: Record<string, unknown>): Promise<number> {
    return this.statements.change(statement, values, this.transaction);
  }
}

function keyOf({ issuer, value }: PatientIdentifier): string {
  return patientKeyOf({ issuerOfPatientId: issuer, patientId: value });
}
