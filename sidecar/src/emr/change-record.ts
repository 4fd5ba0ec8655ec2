import { parseBody } from "../authorization/parse-body.js";
import type { Principal } from "../authorization/principal.js";
import { ApiError } from "../error-response.js";
import { checkReferences, demandStanding } from "./check-references.js";
import { CONTENT_SCHEMAS } from "./content/content-schemas.js";
import type { Answered } from "./create-record.js";
import { emrReachOf } from "./emr-reach.js";
import type { EmrStore, EmrTransaction } from "./emr-store.js";
import { once, type Idempotency } from "./idempotency-key.js";
import { afterWriting, beforeWriting } from "./kind-rules.js";
import { mergePatch } from "./merge-patch.js";
import { refusalOfOrderChange } from "./order-states.js";
import { actorOf, demandChange, isWithdrawn } from "./record-access.js";
import { contentOf } from "./record-content.js";
import type { ClinicalKind, ContentOf, PatientContent, RecordKind, RowOf } from "./records.js";

/**
 * Changes a record by a JSON Merge Patch; the result is validated as a whole.
 * @param expected the version the change was made on, of If-Match
 * @param idempotency has it done once; whoever comes with it again gets the same answer
 * @throws ApiError 404; 409 `version-conflict` with both versions; 400, 403, 409, 422 as the record's kind has it
 */
export async function changeRecord<Kind extends RecordKind>(
  principal: Principal,
  kind: Kind,
  id: string,
  expected: number,
  patch: unknown,
  store: EmrStore,
  idempotency: Idempotency | null = null,
): Promise<Answered<Kind>> {
  const reach = emrReachOf(principal);
  const mayName = async (patientId: string) => (await store.find("patient", patientId, reach)) !== null;
  const yours = await store.version(kind, id, expected);
  const change = async (transaction: EmrTransaction): Promise<Answered<Kind>> => {
    const before = await transaction.lock(kind, id);
    if (before === null) throw new ApiError(404, "no-such-record", "There is no such record.");
    if (before.version !== expected) throw conflict(before, expected, yours);
    const old = contentOf<Kind>(before);
    if (isWithdrawn(kind, old))
      throw new ApiError(409, "record-withdrawn", "The record was entered in error and stays as it is.");
    const content = parseBody(CONTENT_SCHEMAS[kind], mergePatch(old, patch)) as ContentOf[Kind];
    demandSame(kind, old, content);
    await demandRight(principal, kind, id, old, content, transaction);
    if (kind !== "patient") await checkReferences(content as ContentOf[ClinicalKind], transaction);
    else demandStanding(before as RowOf["patient"]);
    const complete = await beforeWriting(kind, id, content, transaction);
    const row = await transaction.update(kind, before, complete, actorOf(principal));
    const possibleDuplicates = await afterWriting(kind, row, transaction, mayName);
    await transaction.announce(kind, id, "patientId" in row ? row.patientId : id);
    return kind === "patient" ? { ...row, possibleDuplicates } : row;
  };
  const { answer } = await store.transaction((transaction) =>
    once(idempotency, transaction, () => change(transaction)),
  );
  return answer;
}

function conflict<Kind extends RecordKind>(
  current: RowOf[Kind],
  expected: number,
  yours: ContentOf[Kind] | null,
): ApiError {
  return new ApiError(
    409,
    "version-conflict",
    "The record was changed meanwhile: look at it again.",
    { ETag: `"${current.version}"` },
    {},
    { current, yours: yours === null ? null : { version: expected, ...yours } },
  );
}

/** Who a record is of, what an order is for and what names a person never change: a wrong one is entered in error. */
function demandSame<Kind extends RecordKind>(
  kind: Kind,
  before: ContentOf[Kind],
  after: ContentOf[Kind],
): void {
  const fixed = (member: string) =>
    new ApiError(422, "member-fixed", `${member} does not change: enter the record in error, and another.`);
  const [one, other] = [new Map(Object.entries(before)), new Map(Object.entries(after))];
  for (const member of ["patientId", ...(kind === "order" ? ["kind"] : [])])
    if (one.get(member) !== other.get(member)) throw fixed(member);
  if (kind !== "patient") return;
  const [was, is] = [before, after].map((content) => (content as PatientContent).identifiers[0]);
  if (was?.issuer !== is?.issuer || was?.value !== is?.value) throw fixed("identifiers.0");
}

async function demandRight<Kind extends RecordKind>(
  principal: Principal,
  kind: Kind,
  id: string,
  before: ContentOf[Kind],
  after: ContentOf[Kind],
  transaction: EmrTransaction,
): Promise<void> {
  if (kind === "order") {
    const refusal = refusalOfOrderChange(
      before as ContentOf["order"],
      after as ContentOf["order"],
      changedMembers(before, after),
      principal.permissions,
    );
    if (refusal === "forbidden")
      throw new ApiError(403, "forbidden", "You may not make this change of this order.");
    if (refusal !== null)
      throw new ApiError(409, refusal, "The order cannot become that from what it is (docs/emr.md).");
    return;
  }
  demandChange(principal, kind);
  if (kind !== "patient" || !isWithdrawn(kind, after)) return;
  const [records, merges] = await Promise.all([transaction.recordsOf(id), transaction.mergesInForce(id)]);
  if (records.length > 0 || merges.length > 0)
    throw new ApiError(409, "patient-has-records", "The patient still has records, or merged ones.");
}

export function changedMembers(before: object, after: object): Set<string> {
  const [one, other] = [before as Record<string, unknown>, after as Record<string, unknown>];
  return new Set(
    [...new Set([...Object.keys(one), ...Object.keys(other)])].filter(
      (member) => JSON.stringify(one[member]) !== JSON.stringify(other[member]),
    ),
  );
}
