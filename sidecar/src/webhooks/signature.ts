import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";

const PREFIX = "whsec_";
/** Standard Webhooks asks for 24 to 64. */
const SECRET_BYTES = 32;
/** Of one message; while secrets are replaced there are two. */
const MOST_SIGNATURES = 10;

/** A secret, and until when it is still good, once there is a newer one. */
export interface SigningSecret {
  readonly secret: string;
  /** Milliseconds since 1970. */
  readonly until?: number | undefined;
}

export function newSecret(): string {
  return PREFIX + randomBytes(SECRET_BYTES).toString("base64");
}

/**
 * The headers of a delivery by Standard Webhooks: one signature (HMAC-SHA256 of `id.timestamp.body`) by each secret
 * that is in force, so that a receiver may change to the new one in its own time.
 *
 * @param now milliseconds since 1970
 */
export function signedHeaders(
  id: string,
  body: string,
  secrets: readonly SigningSecret[],
  now: number,
): Record<"webhook-id" | "webhook-timestamp" | "webhook-signature", string> {
  const timestamp = String(Math.floor(now / 1_000));
  const signatures = secrets
    .filter((one) => isInForce(one, now))
    .map(({ secret }) => `v1,${digestOf(secret, id, timestamp, body).toString("base64")}`);
  return { "webhook-id": id, "webhook-timestamp": timestamp, "webhook-signature": signatures.join(" ") };
}

/**
 * Whether one of the signatures is by one of the secrets in force. How long it takes tells nothing of a secret.
 *
 * @param body the bytes as they came
 * @param signatures the header `webhook-signature`: `v1,` and base64, more than one with a space between
 * @param now milliseconds since 1970
 */
export function isSigned(
  {
    id,
    timestamp,
    signatures,
  }: { readonly id: string; readonly timestamp: string; readonly signatures: string },
  body: Uint8Array,
  secrets: readonly SigningSecret[],
  now: number,
): boolean {
  const given = signatures
    .split(" ")
    .slice(0, MOST_SIGNATURES)
    .filter((one) => one.startsWith("v1,"))
    .map((one) => Buffer.from(one.slice(3), "base64"));
  const expected = secrets
    .filter((one) => isInForce(one, now))
    .map(({ secret }) => digestOf(secret, id, timestamp, body));
  return expected.some((one) =>
    given.some((other) => other.length === one.length && timingSafeEqual(other, one)),
  );
}

/** The new secret and those before it, none of which is good for longer than until then (milliseconds since 1970). */
export function rotated(
  secret: string,
  former: readonly SigningSecret[],
  formerUntil: number,
  now: number,
): SigningSecret[] {
  const kept = former
    .filter((one) => isInForce(one, now))
    .map((one) => ({ ...one, until: Math.min(one.until ?? formerUntil, formerUntil) }));
  return [{ secret }, ...kept];
}

function isInForce({ until }: SigningSecret, now: number): boolean {
  return until === undefined || until > now;
}

function digestOf(secret: string, id: string, timestamp: string, body: string | Uint8Array): Buffer {
  const key = Buffer.from(secret.slice(PREFIX.length), "base64");
  return createHmac("sha256", key).update(`${id}.${timestamp}.`).update(body).digest();
}
