import type { MergeRecord } from "../../emr/merge-record.js";
import type { ContentOf, RecordKind, RowOf } from "../../emr/records.js";

/** The columns of a record; with those of `emr_patient`, which only patients have. */
export const RECORD = `SELECT emr_record.number, emr_record.id, emr_record.kind, emr_record.version, emr_record.patient_id AS patientId,
    emr_record.content, emr_record.created_at AS createdAt, emr_record.created_by AS createdBy,
    emr_record.created_by_name AS createdByName, emr_record.updated_at AS updatedAt, emr_record.updated_by AS updatedBy,
    emr_record.updated_by_name AS updatedByName, emr_patient.patient_key AS patientKey, emr_patient.merged_into AS mergedInto
  FROM emr_record LEFT JOIN emr_patient ON emr_patient.id = emr_record.id`;

export interface StoredRecord {
  readonly number: number;
  readonly id: string;
  readonly kind: RecordKind;
  readonly version: number;
  readonly patientId: string;
  readonly content: string;
  readonly createdAt: Date;
  readonly createdBy: string;
  readonly createdByName: string;
  readonly updatedAt: Date;
  readonly updatedBy: string;
  readonly updatedByName: string;
  readonly patientKey: string | null;
  readonly mergedInto: string | null;
}

/** The record a row holds. Whose it is, is the column's to say: a merge moves records without touching their content. */
export function rowOf<Kind extends RecordKind>(kind: Kind, stored: StoredRecord): RowOf[Kind] {
  const { id, version, createdAt, updatedAt, patientId, patientKey, mergedInto } = stored;
  const content = JSON.parse(stored.content) as ContentOf[Kind];
  const kept = {
    id,
    version,
    createdAt,
    createdBy: { subject: stored.createdBy, display: stored.createdByName },
    updatedAt,
    updatedBy: { subject: stored.updatedBy, display: stored.updatedByName },
  };
  const whose = kind === "patient" ? { patientKey: patientKey ?? "", mergedInto } : { patientId };
  return { ...kept, ...content, ...whose } as unknown as RowOf[Kind];
}

export const MERGE = `SELECT id, merged_id AS mergedId, survivor_id AS survivorId, reason, merged_at AS mergedAt, merged_by AS mergedBy,
  merged_by_name AS mergedByName, moved, undone_at AS undoneAt, undone_by AS undoneBy, undone_by_name AS undoneByName,
  undone_reason AS undoneReason FROM emr_merge`;

export interface StoredMerge {
  readonly id: string;
  readonly mergedId: string;
  readonly survivorId: string;
  readonly reason: string;
  readonly mergedAt: Date;
  readonly mergedBy: string;
  readonly mergedByName: string;
  readonly moved: string;
  readonly undoneAt: Date | null;
  readonly undoneBy: string | null;
  readonly undoneByName: string | null;
  readonly undoneReason: string | null;
}

export function mergeOf(stored: StoredMerge): MergeRecord {
  const { id, mergedId, survivorId, reason, mergedAt, undoneAt } = stored;
  return {
    id,
    mergedId,
    survivorId,
    reason,
    mergedAt,
    mergedBy: { subject: stored.mergedBy, display: stored.mergedByName },
    moved: JSON.parse(stored.moved) as MergeRecord["moved"],
    undone:
      undoneAt === null
        ? null
        : {
            at: undoneAt,
            by: { subject: stored.undoneBy ?? "", display: stored.undoneByName ?? "" },
            reason: stored.undoneReason ?? "",
          },
  };
}
