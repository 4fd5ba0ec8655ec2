import { existsSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { checkDatabaseSettings, databaseIsEmpty, loadDatabase } from "./database.mjs";
import { filesBelow, mirror } from "./folders.mjs";
import { BackupError, checkedManifest } from "./manifest.mjs";
import { namedFolders } from "./named-folders.mjs";
import { insistOnSeparate } from "./separate.mjs";

/**
 * Puts a backup into an empty database and empty folders, where neither Orthanc nor a sidecar runs (docs/backup.md).
 * Everything is checked before anything is written.
 */
async function main() {
  const { values } = parseArgs({
    options: {
      from: { type: "string" },
      "orthanc-storage": { type: "string" },
      folder: { type: "string", multiple: true, default: [] },
    },
  });
  const { from, "orthanc-storage": storage } = values;
  if (from === undefined || storage === undefined) throw new Error("--from and --orthanc-storage are needed");
  const folders = namedFolders(values.folder);
  const parts = [
    { part: "orthanc", path: storage },
    ...[...folders].map(([name, path]) => ({ part: join("folders", name), path })),
  ];
  const targets = parts.map(({ path }) => path);
  // Each is made to hold its part alone: what another had put there would be removed.
  await insistOnSeparate([from, ...targets]);
  await checkDatabaseSettings("load");

  const manifest = await checkedManifest(from);
  for (const name of manifest.folders)
    if (!folders.has(name)) throw new BackupError(`the backup has the folder ${name}: --folder ${name}=PATH`);
  for (const name of folders.keys())
    if (!manifest.folders.includes(name)) throw new BackupError(`the backup has no folder ${name}`);
  for (const path of targets)
    if (existsSync(path) && (await filesBelow(path)).length > 0)
      throw new BackupError(`${path} is not empty`);
  if (!(await databaseIsEmpty())) throw new BackupError("the database is not empty");

  const written = [];
  try {
    for (const { part, path } of parts) {
      written.push(`the content of ${path}`);
      // A folder that was empty may be lost where a backup was kept.
      if (existsSync(join(from, part))) await mirror(join(from, part), path);
    }
    written.push("the tables of the database");
    await loadDatabase(join(from, "database.sql"));
  } catch (error) {
    throw new BackupError(
      `${reason(error)}\nThe restore broke off. Remove before it is tried again: ${written.join(", ")}.`,
    );
  }
  console.log(
    `Restored the backup of ${manifest.madeAt}. These need the values they had: ${manifest.secrets.join(", ")}.`,
  );
}

/** @param {unknown} error */
function reason(error) {
  return error instanceof Error ? error.message : String(error);
}

main().catch((error) => {
  console.error(reason(error));
  process.exitCode = 1;
});
