import { copyFile, mkdir, readdir, rm, stat } from "node:fs/promises";
import { dirname, join, relative } from "node:path";

/**
 * @param {string} directory
 * @returns {Promise<string[]>} the files below it, relative to it, sorted; none when there is no such directory
 */
export async function filesBelow(directory) {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true }).catch((error) => {
    if (isGone(error)) return [];
    throw error;
  });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(directory, join(entry.parentPath, entry.name)))
    .sort();
}

/**
 * Makes `to` hold what `from` holds. A file of the same name and size is not copied again: right for Orthanc's
 * attachments, which are written once under a name of their own.
 *
 * @param {string} from
 * @param {string} to
 * @param {{ always?: readonly string[], never?: readonly string[] }} [names] files at the top that are copied whatever
 *   their size, or not at all
 */
export async function mirror(from, to, { always = [], never = [] } = {}) {
  await mkdir(to, { recursive: true, mode: 0o700 });
  const wanted = (await filesBelow(from)).filter((file) => !never.includes(file));
  for (const file of wanted) {
    const [source, copy] = [join(from, file), join(to, file)];
    if (!always.includes(file) && (await sizeOf(source)) === (await sizeOf(copy))) continue;
    await mkdir(dirname(copy), { recursive: true, mode: 0o700 });
    // What is deleted while we copy is not wanted any more.
    await copyFile(source, copy).catch((error) => {
      if (!isGone(error)) throw error;
    });
  }
  const known = new Set(wanted);
  for (const file of await filesBelow(to)) if (!known.has(file)) await rm(join(to, file));
}

/** @param {string} path */
async function sizeOf(path) {
  return stat(path).then(
    ({ size }) => size,
    () => undefined,
  );
}

/** @param {unknown} error */
function isGone(error) {
  return /** @type {NodeJS.ErrnoException} */ (error).code === "ENOENT";
}
