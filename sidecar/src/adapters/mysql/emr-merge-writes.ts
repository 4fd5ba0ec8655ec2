import type { Transaction } from "sequelize";
import type { MergeRecord } from "../../emr/merge-record.js";
import type { Actor } from "../../emr/records.js";
import { MERGE, mergeOf, type StoredMerge } from "./emr-rows.js";
import type { Statements } from "./statements.js";

/** Merges and their undoing, which stay recorded. */
export class EmrMergeWrites {
  constructor(
    private readonly statements: Statements,
    private readonly transaction: Transaction,
  ) {}

  async setMergedInto(patientId: string, survivorId: string | null): Promise<void> {
    await this.change("UPDATE emr_patient SET merged_into = :survivorId WHERE id = :patientId", {
      patientId,
      survivorId,
    });
  }

  async add({ mergedBy, moved, ...merge }: MergeRecord): Promise<void> {
    await this.change(
      `INSERT INTO emr_merge (id, merged_id, survivor_id, reason, merged_at, merged_by, merged_by_name, moved)
       VALUES (:id, :mergedId, :survivorId, :reason, :mergedAt, :subject, :display, :moved)`,
      { ...merge, ...mergedBy, moved: JSON.stringify(moved) },
    );
    await this.settlePair(merge.mergedId, merge.survivorId, mergedBy);
  }

  /** That two records may be of one person was a question: it is answered. */
  private async settlePair(mergedId: string, survivorId: string, { subject, display }: Actor): Promise<void> {
    await this.change(
      `UPDATE emr_identity_item SET state = 'resolved', resolution = 'merged', resolved_patient_id = :survivorId,
         resolved_at = UTC_TIMESTAMP(3), resolved_by = :subject, resolved_by_name = :display
       WHERE kind = 'duplicate' AND state = 'open' AND candidates = :candidates`,
      { candidates: JSON.stringify([mergedId, survivorId].sort()), survivorId, subject, display },
    );
  }

  async lock(id: string): Promise<MergeRecord | null> {
    const [row] = await this.select(`${MERGE} WHERE id = :id FOR UPDATE`, { id });
    return row === undefined ? null : mergeOf(row);
  }

  async inForce(patientId: string): Promise<MergeRecord[]> {
    const rows = await this.select(
      `${MERGE} WHERE undone_at IS NULL AND (merged_id = :patientId OR survivor_id = :patientId) ORDER BY merged_at`,
      { patientId },
    );
    return rows.map(mergeOf);
  }

  async undo(id: string, reason: string, { subject, display }: Actor, at: Date): Promise<void> {
    await this.change(
      `UPDATE emr_merge SET undone_at = :at, undone_by = :subject, undone_by_name = :display, undone_reason = :reason WHERE id = :id`,
      { id, reason, subject, display, at },
    );
  }

  private select(statement: string, values: Record<string, unknown>): Promise<StoredMerge[]> {
    return this.statements.select<StoredMerge>(statement, values, this.transaction);
  }

  private change(statement: string, values: Record<string, unknown>): Promise<number> {
    return this.statements.change(statement, values, this.transaction);
  }
}
