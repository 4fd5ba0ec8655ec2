import { createHash } from "node:crypto";
import { ApiError } from "../error-response.js";
import type { EmrTransaction } from "./emr-store.js";

/** What was answered to a key is kept this long; after that the key is a new one. */
export const IDEMPOTENCY_HOURS = 48;

export interface Idempotency {
  readonly keyHash: string;
  readonly requestHash: string;
}

/**
 * The Idempotency-Key of a request (draft-ietf-httpapi-idempotency-key-header): a key is one principal's, for one route.
 * @throws ApiError 400 for a key that is none
 */
export function idempotencyOf(
  header: string | undefined,
  subject: string,
  route: string,
  body: unknown,
): Idempotency | null {
  if (header === undefined) return null;
  const key = header.replace(/^"(.*)"$/, "$1");
  if (!/^[\x21-\x7e]{8,200}$/.test(key))
    throw new ApiError(400, "request-malformed", "Idempotency-Key: 8 to 200 visible ASCII characters");
  return idempotencyBy(key, subject, route, body);
}

/** The same by a key that is made here, and that no request can bring. */
export function idempotencyBy(key: string, subject: string, route: string, body: unknown): Idempotency {
  return { keyHash: hash([subject, route, key]), requestHash: hash([canonical(body)]) };
}

/**
 * Does the work once for a key; whoever comes with it again, or at the same time, gets the same answer.
 * @throws ApiError 422 `idempotency-key-reused` when the body is another one
 */
export async function once<Answer>(
  idempotency: Idempotency | null,
  transaction: EmrTransaction,
  work: () => Promise<Answer>,
): Promise<{ readonly answer: Answer; readonly repeated: boolean }> {
  if (idempotency === null) return { answer: await work(), repeated: false };
  const { keyHash, requestHash } = idempotency;
  const kept = await transaction.takeIdempotencyKey(keyHash, requestHash);
  if (kept !== null) {
    if (kept.requestHash !== requestHash)
      throw new ApiError(422, "idempotency-key-reused", "This Idempotency-Key was used with another body.");
    return { answer: kept.answer as Answer, repeated: true };
  }
  const answer = await work();
  await transaction.keepAnswer(keyHash, answer);
  return { answer, repeated: false };
}

/** The order of members makes no other body. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_name, member: unknown) =>
    typeof member === "object" && member !== null && !Array.isArray(member)
      ? Object.fromEntries(Object.entries(member).sort(([one], [other]) => (one < other ? -1 : 1)))
      : member,
  );
}

function hash(parts: readonly string[]): string {
  return createHash("sha256").update(parts.join("\u0000")).digest("hex");
}
