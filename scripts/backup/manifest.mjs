import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { repositoryRoot } from "../local-stack/repository.mjs";
import { filesBelow } from "./folders.mjs";

const FORMAT = 1;
const MANIFEST = "manifest.json";
const SEAL = "manifest.sha256";

/**
 * @typedef {object} Manifest
 * @property {number} format
 * @property {string} version   of the program that made the backup
 * @property {string} madeAt    ISO 8601, UTC
 * @property {readonly string[]} folders
 * @property {readonly string[]} secrets settings that must have the same values again; the backup has none of them
 * @property {readonly { path: string, bytes: number, sha256: string }[]} files
 */

/** The backup cannot be restored as it is, or not here. */
export class BackupError extends Error {}

/**
 * Names every file of a backup with its checksum; written last, so a backup without it is not one.
 *
 * @param {string} directory
 * @param {Pick<Manifest, "folders" | "secrets">} contents
 */
export async function writeManifest(directory, contents) {
  const files = [];
  for (const path of await filesBelow(directory))
    files.push({
      path,
      bytes: (await stat(join(directory, path))).size,
      sha256: await sha256(join(directory, path)),
    });
  /** @type {Manifest} */
  const manifest = {
    format: FORMAT,
    version: await ownVersion(),
    madeAt: new Date().toISOString(),
    ...contents,
    files,
  };
  await writeFile(join(directory, MANIFEST), `${JSON.stringify(manifest, null, 1)}\n`, { mode: 0o600 });
  await writeFile(join(directory, SEAL), `${await sha256(join(directory, MANIFEST))}\n`, { mode: 0o600 });
}

/**
 * Reads the manifest and every file it names.
 *
 * @param {string} directory
 * @returns {Promise<Manifest>}
 * @throws {BackupError} when a file is damaged, missing or not named, or a newer program made the backup
 */
export async function checkedManifest(directory) {
  const seal = await readFile(join(directory, SEAL), "utf8").catch(() => {
    throw new BackupError(`${directory} has no ${SEAL}: it is no backup, or one that was not completed`);
  });
  if (seal.trim() !== (await sha256(join(directory, MANIFEST)).catch(() => undefined)))
    throw new BackupError(`${MANIFEST} is damaged`);
  /** @type {Manifest} */
  const manifest = JSON.parse(await readFile(join(directory, MANIFEST), "utf8"));
  const own = await ownVersion();
  if (manifest.format > FORMAT || isNewer(manifest.version, own))
    throw new BackupError(
      `The backup is newer than this program: ${manifest.version} made it, this is ${own}. Restore it with that version.`,
    );
  const found = new Set((await filesBelow(directory)).filter((path) => path !== MANIFEST && path !== SEAL));
  for (const { path, sha256: expected } of manifest.files) {
    if (!found.delete(path)) throw new BackupError(`${path} is missing`);
    if ((await sha256(join(directory, path))) !== expected) throw new BackupError(`${path} is damaged`);
  }
  const [foreign] = found;
  if (foreign !== undefined) throw new BackupError(`${foreign} is not part of the backup`);
  return manifest;
}

/** @param {string} path */
async function sha256(path) {
  const hash = createHash("sha256");
  await pipeline(createReadStream(path), hash);
  return hash.digest("hex");
}

/** @returns {Promise<string>} */
async function ownVersion() {
  return JSON.parse(await readFile(join(repositoryRoot, "package.json"), "utf8")).version;
}

/**
 * @param {string} one `MAJOR.MINOR.PATCH`
 * @param {string} other
 */
function isNewer(one, other) {
  const [left, right] = [one, other].map((version) => version.split(".").map(Number));
  const at = [0, 1, 2].find((part) => left?.[part] !== right?.[part]);
  return at !== undefined && (left?.[at] ?? 0) > (right?.[at] ?? 0);
}
