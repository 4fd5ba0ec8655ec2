import { copyFile, mkdir, readdir, realpath, rm, stat } from "node:fs/promises";
import { dirname, join, relative } from "node:path";

/**
 * The files below a folder. A link is followed, as what it leads to is meant; sockets and pipes hold nothing.
 *
 * @param {string} directory
 * @returns {Promise<string[]>} relative to it, sorted
 * @throws {Error} when there is no such folder, or a link leads nowhere or back to a folder it is in
 */
export async function filesBelow(directory) {
  await insistOnFolder(directory);
  /** @type {string[]} */
  const files = [];
  await walk(directory, [], (file) => files.push(relative(directory, file)));
  return files.sort();
}

/**
 * @param {string} path
 * @throws {Error} when it is no folder: one that is mistyped or not mounted must not count as an empty one
 */
export async function insistOnFolder(path) {
  const found = await stat(path).catch((error) => {
    throw isGone(error) ? new Error(`there is no folder ${path}`) : error;
  });
  if (!found.isDirectory()) throw new Error(`${path} is no folder`);
}

/**
 * @param {string} directory
 * @param {readonly string[]} above real paths of the folders it is in
 * @param {(file: string) => void} found
 */
async function walk(directory, above, found) {
  const real = await realpath(directory);
  if (above.includes(real)) throw new Error(`${directory} is a link to a folder it is in`);
  for (const entry of await readdir(directory, { withFileTypes: true })) {
    const path = join(directory, entry.name);
    if (entry.isFile()) found(path);
    else if (entry.isSymbolicLink()) {
      const end = await stat(path).catch((error) => {
        throw isGone(error) || error.code === "ELOOP"
          ? new Error(`the link ${path} leads nowhere: remove or repair it`)
          : error;
      });
      if (end.isFile()) found(path);
      else if (end.isDirectory()) await walk(path, [...above, real], found);
    } else if (entry.isDirectory())
      // Orthanc removes empty folders while we look.
      await walk(path, [...above, real], found).catch((error) => {
        if (!isGone(error) || error.path !== path) throw error;
      });
  }
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
  const wanted = (await filesBelow(from)).filter((file) => !never.includes(file));
  await mkdir(to, { recursive: true, mode: 0o700 });
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
