import { randomBytes } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

/**
 * @typedef {object} StackSecrets
 * @property {string} adminPassword
 * @property {string} doctorPassword
 * @property {string} orthancPassword
 * @property {string} databasePassword
 * @property {string} redisPassword
 * @property {string} arrivalSecret
 * @property {string} tokenSigningKey
 * @property {string} webhookKey
 */

/** Each secret's file in the secrets directory and its length in random octets. */
const SECRETS = /** @type {const} */ ({
  adminPassword: { file: "admin-password", octets: 12 },
  doctorPassword: { file: "doctor-password", octets: 12 },
  orthancPassword: { file: "orthanc-password", octets: 24 },
  databasePassword: { file: "database-password", octets: 24 },
  redisPassword: { file: "redis-password", octets: 24 },
  arrivalSecret: { file: "arrival-secret", octets: 32 },
  tokenSigningKey: { file: "token-signing-key", octets: 48 },
  webhookKey: { file: "webhook-key", octets: 48 },
});

/**
 * Reads the secrets of a stack, making each that does not exist yet. Only the owner may read the files.
 *
 * @param {string} directory
 * @returns {Promise<StackSecrets>}
 */
export async function readOrCreateSecrets(directory) {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const entries = await Promise.all(
    Object.entries(SECRETS).map(async ([name, { file, octets }]) => [
      name,
      await readOrCreate(join(directory, file), octets),
    ]),
  );
  return Object.fromEntries(entries);
}

/**
 * @param {string} directory
 * @param {keyof typeof SECRETS} name
 * @returns {string} the path of this secret's file
 */
export function secretFile(directory, name) {
  return join(directory, SECRETS[name].file);
}

/**
 * @param {string} path
 * @param {number} octets
 */
async function readOrCreate(path, octets) {
  try {
    // "wx" fails when the file exists: two starts at once agree on one value.
    await writeFile(path, randomBytes(octets).toString("base64url"), { flag: "wx", mode: 0o600 });
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code !== "EEXIST") throw error;
  }
  return readFile(path, "utf8");
}
