import { X509Certificate } from "node:crypto";
import { isIP } from "node:net";
import { z } from "zod";
import { secret, url } from "../setting.js";

/** MySQL's own name for TLS with a certificate that is checked, and the host's name in it. */
const VERIFIED = "VERIFY_IDENTITY";
const DATABASE_PARAMETERS: readonly string[] = ["socketPath", "ssl-mode"];

const queryOf = (text: string) => (URL.canParse(text) ? new URL(text).searchParams : new URLSearchParams());

/** Whether the database's URL asks for TLS. */
export const databaseSpeaksTls = (text: string) => queryOf(text).get("ssl-mode") === VERIFIED;
/** The same of the URL of Redis. */
export const redisSpeaksTls = (text: string) =>
  URL.canParse(text) && /^rediss(?:\+sentinel)?:$/.test(new URL(text).protocol);

/** What is misspelt here would be a connection without TLS, so nothing unknown is taken. */
const databaseUrl = url("mysql:")
  .refine((text) => [...queryOf(text).keys()].every((name) => DATABASE_PARAMETERS.includes(name)), {
    error: `must have no parameters but ${DATABASE_PARAMETERS.join(" and ")}`,
  })
  .refine((text) => [null, VERIFIED].includes(queryOf(text).get("ssl-mode")), {
    error: `ssl-mode must be ${VERIFIED}: anything less may be another server`,
  })
  .refine((text) => !databaseSpeaksTls(text) || namesHost(text), {
    error: `ssl-mode=${VERIFIED} needs a host name: it is what the certificate is checked for`,
  });

function namesHost(text: string): boolean {
  const { hostname, searchParams } = new URL(text);
  return !searchParams.has("socketPath") && isIP(hostname.replace(/^\[|\]$/g, "")) === 0;
}

/** Certificates in PEM, and nothing else: somebody may put the key beside them. */
const certificates = z.string().refine(isCertificates, {
  error: "must be certificates in PEM, and no key",
});

function isCertificates(text: string): boolean {
  const found = text.match(/-----BEGIN ([A-Z ]+)-----[^-]+-----END \1-----/g) ?? [];
  try {
    for (const pem of found) new X509Certificate(pem);
  } catch {
    return false;
  }
  return found.length > 0 && !text.includes("PRIVATE KEY");
}

/** Where MySQL and Redis are, and by whose certificates they are known (docs/security.md). */
export const STORE_SETTINGS = {
  NEURONOVA_DATABASE_URL: secret(
    databaseUrl,
    `MySQL 8 or MariaDB ≥ 10.6; \`?ssl-mode=${VERIFIED}\` for TLS, \`?socketPath=\` for a Unix socket.`,
    `mysql://neuronova:secret@db:3306/neuronova?ssl-mode=${VERIFIED}`,
  ),
  NEURONOVA_DATABASE_PASSWORD: secret(
    z.string().optional(),
    "The database password, when the URL has none.",
    "…",
  ),
  // Both secret, as somebody may put a private key there: the refusal must not show it.
  NEURONOVA_DATABASE_CA: secret(
    certificates.optional(),
    "Certificates, in PEM, of who may have signed that of the database; the system's without it. Needs TLS in the URL.",
    "…",
  ),
  NEURONOVA_REDIS_URL: secret(
    url("redis:", "rediss:", "redis+sentinel:", "rediss+sentinel:", "unix:").refine(
      (text) => !/^rediss?\+sentinel:/.test(text) || /[?&]sentinel=./.test(text),
      { error: "must name Sentinels: ?sentinel=HOST:PORT&sentinel=…" },
    ),
    "Redis ≥ 7 or Valkey, with maxmemory-policy noeviction; `rediss:` for TLS; by its Sentinels `redis+sentinel://GROUP/0?sentinel=HOST:PORT&sentinel=…`.",
    "rediss://redis:6379/0",
  ),
  NEURONOVA_REDIS_PASSWORD: secret(z.string().optional(), "The Redis password, when the URL has none.", "…"),
  NEURONOVA_REDIS_CA: secret(
    certificates.optional(),
    "Certificates, in PEM, of who may have signed those of Redis and its Sentinels; the system's without it. Needs TLS in the URL.",
    "…",
  ),
} as const;

/** @returns what would be a plain connection where somebody meant one by TLS */
export function storeProblems(values: Readonly<Record<string, unknown>>): string[] {
  const speak = { DATABASE: databaseSpeaksTls, REDIS: redisSpeaksTls };
  const how = { DATABASE: `?ssl-mode=${VERIFIED}`, REDIS: "rediss://" };
  return (["DATABASE", "REDIS"] as const).flatMap((store) => {
    const address = values[`NEURONOVA_${store}_URL`];
    const isUnused =
      values[`NEURONOVA_${store}_CA`] !== undefined && typeof address === "string" && !speak[store](address);
    return isUnused
      ? [`NEURONOVA_${store}_CA is set and NEURONOVA_${store}_URL asks for no TLS: ${how[store]}`]
      : [];
  });
}
