import { randomUUID } from "node:crypto";
import { parseBody } from "../authorization/parse-body.js";
import type { Principal } from "../authorization/principal.js";
import { ApiError } from "../error-response.js";
import { checkReferences } from "./check-references.js";
import { CONTENT_SCHEMAS } from "./content/content-schemas.js";
import { emrReachOf } from "./emr-reach.js";
import type { EmrStore } from "./emr-store.js";
import { once, type Idempotency } from "./idempotency-key.js";
import { afterWriting, beforeWriting } from "./kind-rules.js";
import { FIRST_ORDER_STATUSES } from "./order-states.js";
import { actorOf, demandCreation, isWithdrawn } from "./record-access.js";
import type { ClinicalKind, ContentOf, RecordKind, RowOf } from "./records.js";

/** A record as it is answered; patients with those who may be the same person. */
export type Answered<Kind extends RecordKind> = RowOf[Kind] & {
  readonly possibleDuplicates?: readonly string[];
};

/**
 * The content of a new record, validated.
 * @throws ApiError 400, 403
 */
export function readNewRecord<Kind extends RecordKind>(
  principal: Principal,
  kind: Kind,
  body: unknown,
): ContentOf[Kind] {
  demandCreation(principal, kind, body);
  const content = parseBody(CONTENT_SCHEMAS[kind], body) as ContentOf[Kind];
  if (isWithdrawn(kind, content))
    throw new ApiError(400, "request-malformed", "a new record is not entered in error");
  if (kind === "order" && !FIRST_ORDER_STATUSES.includes((content as ContentOf["order"]).status))
    throw new ApiError(409, "order-step-unknown", "A new order is a draft or active.");
  return content;
}

/**
 * Writes a new record, once for an Idempotency-Key.
 * @throws ApiError 409 `identifier-taken`, `accession-number-taken`, `patient-merged`, `patient-withdrawn`; 422
 */
export async function createRecord<Kind extends RecordKind>(
  principal: Principal,
  kind: Kind,
  content: ContentOf[Kind],
  idempotency: Idempotency | null,
  store: EmrStore,
): Promise<{ readonly answer: Answered<Kind>; readonly repeated: boolean }> {
  const reach = emrReachOf(principal);
  const mayName = async (patientId: string) => (await store.find("patient", patientId, reach)) !== null;
  if ("patientId" in content && !(await mayName(content.patientId)))
    throw new ApiError(422, "reference-invalid", "patientId: there is no such record of this patient.");
  return store.transaction((transaction) =>
    once(idempotency, transaction, async () => {
      const id = randomUUID();
      if (kind !== "patient") await checkReferences(content as ContentOf[ClinicalKind], transaction);
      const complete = await beforeWriting(kind, id, content, transaction);
      const row = await transaction.insert(kind, id, complete, actorOf(principal));
      const possibleDuplicates = await afterWriting(kind, row, transaction, mayName);
      await transaction.announce(kind, id, "patientId" in row ? row.patientId : id);
      return kind === "patient" ? { ...row, possibleDuplicates } : row;
    }),
  );
}
