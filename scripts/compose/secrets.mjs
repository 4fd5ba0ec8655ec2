#!/usr/bin/env node
// Makes the secret files of compose.yaml, once: `node scripts/compose/secrets.mjs [directory]`.
import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { chmodSync, existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { STORE_TLS, createStoreCertificates, validDays } from "./store-certificates.mjs";

/** Each secret's file and its length in random octets. The first two are for people, the others for containers. */
export const SECRETS = Object.freeze({
  "admin-password": 12,
  "doctor-password": 12,
  "orthanc-password": 24,
  "arrival-secret": 32,
  "orthanc-database-password": 24,
  "database-password": 24,
  "database-root-password": 24,
  "redis-password": 24,
  "token-signing-key": 48,
  "webhook-key": 48,
});

/** nginx's certificate and its key, in PEM. */
export const TLS = Object.freeze({ certificate: "tls-certificate", key: "tls-key" });
const CERTIFICATE_DAYS = 90;
/** Before its end a certificate is pointed out. */
const RENEW_DAYS = 30;
const CERTIFICATES = [TLS.certificate, STORE_TLS.ca, STORE_TLS.mysqlCertificate, STORE_TLS.redisCertificate];

const FOR_PEOPLE = new Set(["admin-password", "doctor-password"]);

/**
 * Writes every secret that does not exist yet, base64url without a line end; never overwrites one.
 *
 * Docker mounts the file of a secret with the owner and mode it has here, and the containers run as different users:
 * with 0600 none of them could read it. So the directory is what closes the secrets to other users of the machine
 * (0700), and a container sees only the files it is given. What no container reads is 0600.
 *
 * @param {string} directory
 * @returns {string[]} the names of those it made
 */
export function createSecrets(directory) {
  mkdirSync(directory, { recursive: true });
  chmodSync(directory, 0o700);
  writeOnce(join(directory, ".gitignore"), "*\n", 0o600);
  return Object.entries(SECRETS)
    .filter(([name, octets]) =>
      writeOnce(
        join(directory, name),
        randomBytes(octets).toString("base64url"),
        FOR_PEOPLE.has(name) ? 0o600 : 0o444,
      ),
    )
    .map(([name]) => name);
}

/**
 * Makes a certificate for localhost that nobody but its maker trusts, to begin with; a hospital puts its own in its
 * place. Never overwrites one.
 *
 * @param {string} directory
 * @returns {string[]} the names of the files it made
 */
export function createCertificate(directory) {
  const [certificate, key] = [join(directory, TLS.certificate), join(directory, TLS.key)];
  if (existsSync(certificate) || existsSync(key)) return [];
  const request = ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"];
  const subject = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"];
  execFileSync(
    "openssl",
    [...request, "-days", String(CERTIFICATE_DAYS), ...subject, "-keyout", key, "-out", certificate],
    { stdio: ["ignore", "ignore", "pipe"] },
  );
  for (const path of [certificate, key]) chmodSync(path, 0o444);
  return [TLS.certificate, TLS.key];
}

/**
 * @param {string} path
 * @param {string} text
 * @param {number} mode
 * @returns {boolean} false when the file was there already
 */
function writeOnce(path, text, mode) {
  try {
    writeFileSync(path, text, { flag: "wx", mode: 0o600 });
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code === "EEXIST") return false;
    throw error;
  }
  chmodSync(path, mode); // whatever the umask is
  return true;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const directory = resolve(process.argv[2] ?? fileURLToPath(new URL("../../secrets", import.meta.url)));
  const made = [
    ...createSecrets(directory),
    ...createCertificate(directory),
    ...createStoreCertificates(directory),
  ];
  console.log(
    made.length === 0
      ? `${directory}: every secret was there already`
      : `${directory}: made ${made.join(", ")}`,
  );
  for (const { file, days } of validDays(directory, CERTIFICATES))
    if (days < RENEW_DAYS)
      console.warn(
        `${file} is valid for ${days} days: docker/README.md, "Certificates", says how to renew it`,
      );
}
