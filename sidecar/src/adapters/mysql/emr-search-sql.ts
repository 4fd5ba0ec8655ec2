import type { EmrReach } from "../../emr/emr-reach.js";
import type { RecordSearch } from "../../emr/record-search.js";
import type { RecordKind } from "../../emr/records.js";
import { studyFilterSql, type SqlCondition } from "./study-filter-sql.js";

/** Those with an identifier of one of the keys, whom they were merged into, and so on. */
const BY_KEY = `WITH RECURSIVE person AS (
    SELECT emr_patient.id, emr_patient.merged_into FROM emr_identifier JOIN emr_patient ON emr_patient.id = emr_identifier.patient_id
    WHERE emr_identifier.patient_key IN (:reachKeys)
    UNION SELECT emr_patient.id, emr_patient.merged_into FROM person JOIN emr_patient ON emr_patient.id = person.merged_into
  ) SELECT id FROM person`;

/** The records within reach, as a condition on `emr_record`. */
export function reachSql(reach: EmrReach): SqlCondition {
  if (reach.everybody) return { sql: "TRUE", values: {} };
  const conditions: string[] = [];
  if (reach.patientKeys.length > 0) conditions.push(`emr_record.patient_id IN (${BY_KEY})`);
  const studies = reach.studies === null ? undefined : studyFilterSql(reach.studies);
  if (studies !== undefined)
    conditions.push(
      `emr_record.patient_id IN (SELECT emr_study_link.patient_id FROM emr_study_link
        JOIN study ON study.orthanc_id = emr_study_link.study_id WHERE emr_study_link.state = 'linked' AND ${studies.sql})`,
    );
  return {
    sql: conditions.length === 0 ? "FALSE" : `(${conditions.join(" OR ")})`,
    values: { ...studies?.values, reachKeys: [...reach.patientKeys] },
  };
}

/** What a search asks, as a condition on `emr_record` and, for patients, `emr_patient`. */
export function searchSql(kind: RecordKind, search: RecordSearch): SqlCondition {
  const conditions = ["emr_record.kind = :kind"];
  const values: Record<string, unknown> = { kind };
  const add = (sql: string, more: Record<string, unknown>) => {
    conditions.push(sql);
    Object.assign(values, more);
  };
  const { after, patientId, status, code, from, before, encounterId, orderId, category } = search;
  const { accessionNumber, nameParts, identifier, birthDate } = search;
  if (after !== null) add("emr_record.number < :after", { after });
  if (patientId !== undefined) add("emr_record.patient_id = :patientId", { patientId });
  if (status !== undefined) add("emr_record.status = :status", { status });
  if (encounterId !== undefined) add("emr_record.encounter_id = :encounterId", { encounterId });
  if (orderId !== undefined) add("emr_record.order_id = :orderId", { orderId });
  if (category !== undefined) add("emr_record.category = :category", { category });
  if (code !== undefined)
    add(
      `emr_record.id IN (SELECT record_id FROM emr_code WHERE emr_code.code = :code${code.system === null ? "" : " AND emr_code.code_system = :system"})`,
      { code: code.code, system: code.system },
    );
  if (from !== undefined) add("COALESCE(emr_record.effective_at, emr_record.created_at) >= :from", { from });
  if (before !== undefined)
    add("COALESCE(emr_record.effective_at, emr_record.created_at) < :before", { before });
  if (accessionNumber !== undefined)
    add(
      "emr_record.id IN (SELECT order_id FROM emr_accession WHERE emr_accession.accession_number = :accessionNumber)",
      { accessionNumber },
    );
  if (birthDate !== undefined) add("emr_patient.birth_date = :birthDate", { birthDate });
  for (const [index, part] of (nameParts ?? []).entries())
    add(`emr_patient.name LIKE :name${index}`, { [`name${index}`]: `%${escapeLike(part)}%` });
  if (identifier !== undefined)
    add(
      `emr_record.id IN (SELECT patient_id FROM emr_identifier WHERE emr_identifier.value = :value${identifier.issuer === null ? "" : " AND emr_identifier.issuer = :issuer"})`,
      { ...identifier },
    );
  return { sql: conditions.join(" AND "), values };
}

function escapeLike(text: string): string {
  return text.replace(/[\\%_]/g, (character) => `\\${character}`);
}
