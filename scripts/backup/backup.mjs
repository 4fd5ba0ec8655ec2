import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs, promisify } from "node:util";
import { repositoryRoot } from "../local-stack/repository.mjs";
import { checkDatabaseSettings, dumpDatabase } from "./database.mjs";
import { insistOnFolder, mirror } from "./folders.mjs";
import { writeManifest } from "./manifest.mjs";
import { namedFolders } from "./named-folders.mjs";
import { insistOnSeparate } from "./separate.mjs";

const run = promisify(execFile);
const CLI = join(repositoryRoot, "sidecar/dist/cli.js");

/** Orthanc's index (SQLite with its write-ahead log): changes in place, so it is copied while Orthanc holds still. */
const INDEX = ["index", "index-wal"];
/** Shared memory of the processes that have the index open; made anew. */
const NEVER = ["index-shm"];

/** What is sealed in the database opens with the same values only. */
const SECRETS = ["NEURONOVA_WEBHOOK_KEY", "NEURONOVA_OPENEMR_TOKEN_KEY"];

/**
 * A backup of database, archive and folders, in the environment of a sidecar process (docs/backup.md).
 * Orthanc holds still for the dump, its index and the files that are new since the first pass.
 */
async function main() {
  const { values } = parseArgs({
    options: {
      to: { type: "string" },
      "orthanc-storage": { type: "string" },
      "pause-orthanc": { type: "string" },
      "resume-orthanc": { type: "string" },
      "orthanc-is-stopped": { type: "boolean", default: false },
      folder: { type: "string", multiple: true, default: [] },
    },
  });
  const { to, "orthanc-storage": storage, "pause-orthanc": pause, "resume-orthanc": resume } = values;
  if (to === undefined || storage === undefined) throw new Error("--to and --orthanc-storage are needed");
  if (
    values["orthanc-is-stopped"] !== (pause === undefined) ||
    (pause === undefined) !== (resume === undefined)
  )
    throw new Error("either --pause-orthanc and --resume-orthanc, or --orthanc-is-stopped");
  if (existsSync(to)) throw new Error(`${to} exists already`);
  if (!existsSync(join(storage, "index"))) throw new Error(`${storage} has no index of Orthanc`);
  const folders = namedFolders(values.folder);
  for (const path of [storage, ...folders.values()]) {
    await insistOnFolder(path);
    await insistOnSeparate([path, to]);
  }
  await checkDatabaseSettings("dump");
  await checkSidecarSettings();

  const unfinished = `${to}.unfinished`;
  await rm(unfinished, { recursive: true, force: true });
  await mkdir(unfinished, { recursive: true, mode: 0o700 });
  const archive = join(unfinished, "orthanc");
  await mirror(storage, archive, { never: [...INDEX, ...NEVER] });
  if (pause !== undefined) await run("/bin/sh", ["-c", pause]);
  try {
    await dumpDatabase(join(unfinished, "database.sql"));
    await mirror(storage, archive, { always: INDEX, never: NEVER });
  } finally {
    if (resume !== undefined) await run("/bin/sh", ["-c", resume]);
  }
  // After the database: what they have more than it knows of is found again, what they have less would not be.
  for (const [name, path] of folders) await mirror(path, join(unfinished, "folders", name));
  await writeManifest(unfinished, { folders: [...folders.keys()], secrets: SECRETS });
  await rename(unfinished, to);
  console.log(`${to} is complete. Keep apart from it: ${SECRETS.join(", ")}.`);
  await run(process.execPath, [CLI, "backup", "noted"]).catch((error) => {
    throw new Error(`The backup could not be noted: ${said(error)}`);
  });
}

/** That the backup is noted comes last: what would keep it from that is said first. */
async function checkSidecarSettings() {
  if (!existsSync(CLI)) throw new Error("the sidecar is not built: npm run build");
  await run(process.execPath, [CLI, "config", "check"]).catch((error) => {
    throw new Error(said(error));
  });
}

/** @param {{ stdout?: string, stderr?: string, message: string }} error of a program */
function said({ stdout = "", stderr = "", message }) {
  return `${stdout}${stderr}`.trim() || message;
}

main().catch((error) => {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
});
