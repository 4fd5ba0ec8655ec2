import { createHmac, randomBytes } from "node:crypto";

const PREFIX = "whsec_";
/** Standard Webhooks asks for 24 to 64. */
const SECRET_BYTES = 32;

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
    .filter(({ until }) => until === undefined || until > now)
    .map(({ secret }) => {
      const key = Buffer.from(secret.slice(PREFIX.length), "base64");
      return `v1,${createHmac("sha256", key).update(`${id}.${timestamp}.${body}`).digest("base64")}`;
    });
  return { "webhook-id": id, "webhook-timestamp": timestamp, "webhook-signature": signatures.join(" ") };
}
