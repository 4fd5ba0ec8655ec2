import { join } from "node:path";
import { parseArgs } from "node:util";
import { databaseIsEmpty, loadDatabase } from "./database.mjs";
import { filesBelow, mirror } from "./folders.mjs";
import { BackupError, checkedManifest } from "./manifest.mjs";
import { namedFolders } from "./named-folders.mjs";

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

  const manifest = await checkedManifest(from);
  for (const name of manifest.folders)
    if (!folders.has(name)) throw new BackupError(`the backup has the folder ${name}: --folder ${name}=PATH`);
  for (const name of folders.keys())
    if (!manifest.folders.includes(name)) throw new BackupError(`the backup has no folder ${name}`);
  for (const path of [storage, ...folders.values()])
    if ((await filesBelow(path)).length > 0) throw new BackupError(`${path} is not empty`);
  if (!(await databaseIsEmpty())) throw new BackupError("the database is not empty");

  await mirror(join(from, "orthanc"), storage);
  for (const [name, path] of folders) await mirror(join(from, "folders", name), path);
  await loadDatabase(join(from, "database.sql"));
  console.log(
    `Restored the backup of ${manifest.madeAt}. These need the values they had: ${manifest.secrets.join(", ")}.`,
  );
}

main().catch((error) => {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
});
