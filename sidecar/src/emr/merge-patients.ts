import { randomUUID } from "node:crypto";
import { z } from "zod";
import { parseBody } from "../authorization/parse-body.js";
import type { Principal } from "../authorization/principal.js";
import { ApiError } from "../error-response.js";
import { demandStanding } from "./check-references.js";
import { id, line } from "./content/text.js";
import type { EmrStore, EmrTransaction } from "./emr-store.js";
import { once, type Idempotency } from "./idempotency-key.js";
import type { MergeRecord } from "./merge-record.js";
import { actorOf } from "./record-access.js";
import { contentOf } from "./record-content.js";
import type { Actor, ClinicalKind, PatientRow } from "./records.js";

export const mergeRequest = z
  .strictObject({ mergedId: id, survivorId: id, reason: line(1_000) })
  .refine(({ mergedId, survivorId }) => mergedId !== survivorId, { error: "a patient and itself" });
export const undoRequest = z.strictObject({ reason: line(1_000) });

export const readMerge = (body: unknown) => parseBody(mergeRequest, body);

/**
 * Makes two records of one person one: the records of the merged one move to the survivor, and which were moved is kept.
 * @param idempotency has it done once; whoever comes with it again gets the same answer
 * @throws ApiError 404 `no-such-record`; 409 `patient-merged`, `patient-withdrawn`
 */
export async function mergePatients(
  principal: Principal,
  { mergedId, survivorId, reason }: ReturnType<typeof readMerge>,
  store: EmrStore,
  idempotency: Idempotency | null = null,
): Promise<MergeRecord> {
  const mergedBy = actorOf(principal);
  const merge = async (transaction: EmrTransaction): Promise<MergeRecord> => {
    // In the order of their ids: two merges of the same pair, one each way, wait for each other.
    const held = new Map<string, PatientRow>();
    for (const patientId of [mergedId, survivorId].sort()) {
      const patient = await transaction.lock("patient", patientId);
      if (patient === null) throw new ApiError(404, "no-such-record", "There is no such patient.");
      demandStanding(patient);
      held.set(patientId, patient);
    }
    const moved = await transaction.recordsOf(mergedId);
    for (const { kind, id: recordId } of moved) await move(kind, recordId, survivorId, mergedBy, transaction);
    await transaction.setMergedInto(mergedId, survivorId);
    const made: MergeRecord = {
      id: randomUUID(),
      mergedId,
      survivorId,
      reason,
      mergedAt: new Date(),
      mergedBy,
      moved,
      undone: null,
    };
    await transaction.addMerge(made);
    await tell(made, transaction);
    return made;
  };
  const { answer } = await store.transaction((transaction) =>
    once(idempotency, transaction, () => merge(transaction)),
  );
  return answer;
}

/**
 * Takes a merge back: what was moved goes back, what came after stays with the survivor.
 * @throws ApiError 404 `no-such-merge`; 409 `merge-undone`, `merge-not-last`
 */
export async function undoMerge(
  principal: Principal,
  mergeId: string,
  body: unknown,
  store: EmrStore,
): Promise<MergeRecord> {
  const { reason } = parseBody(undoRequest, body);
  const by = actorOf(principal);
  return store.transaction(async (transaction) => {
    const merge = await transaction.lockMerge(mergeId);
    if (merge === null) throw new ApiError(404, "no-such-merge", "There is no such merge.");
    if (merge.undone !== null) throw new ApiError(409, "merge-undone", "The merge was undone before.");
    for (const patientId of [merge.mergedId, merge.survivorId].sort())
      await transaction.lock("patient", patientId);
    const later = await transaction.mergesInForce(merge.survivorId);
    if (later.some(({ mergedId }) => mergedId === merge.survivorId))
      throw new ApiError(409, "merge-not-last", "The survivor was merged itself: undo that first.");
    await transaction.setMergedInto(merge.mergedId, null);
    for (const { kind, id: recordId } of merge.moved)
      await move(kind, recordId, merge.mergedId, by, transaction, merge.survivorId);
    const at = new Date();
    await transaction.undoMerge(merge.id, reason, by, at);
    await tell(merge, transaction);
    return { ...merge, undone: { at, by, reason } };
  });
}

async function move(
  kind: ClinicalKind,
  recordId: string,
  patientId: string,
  actor: Actor,
  transaction: EmrTransaction,
  onlyFrom?: string,
): Promise<void> {
  const row = await transaction.lock(kind, recordId);
  if (row === null || (onlyFrom !== undefined && row.patientId !== onlyFrom)) return;
  const content = { ...contentOf<ClinicalKind>(row), patientId };
  await transaction.update(kind, row, content, actor);
  await transaction.announce(kind, recordId, patientId);
}

/** The survivor first: the merged one's link points to it. */
async function tell({ mergedId, survivorId }: MergeRecord, transaction: EmrTransaction): Promise<void> {
  await transaction.announce("patient", survivorId, survivorId);
  await transaction.announce("patient", mergedId, mergedId);
  await transaction.reconsiderStudies([mergedId, survivorId]);
}
