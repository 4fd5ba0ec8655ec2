import { realpath } from "node:fs/promises";
import { basename, dirname, join, relative, resolve, sep } from "node:path";

/**
 * @param {readonly string[]} paths of folders, there or not
 * @throws {Error} when two are the same folder, by links too, or one is within another
 */
export async function insistOnSeparate(paths) {
  const real = await Promise.all(paths.map(async (path) => ({ path, at: await realPath(path) })));
  for (const [index, { path, at }] of real.entries())
    for (const other of real.slice(index + 1)) {
      if (at === other.at) throw new Error(`${path} and ${other.path} are the same folder`);
      if (isWithin(at, other.at)) throw new Error(`${path} is within ${other.path}`);
      if (isWithin(other.at, at)) throw new Error(`${other.path} is within ${path}`);
    }
}

/**
 * @param {string} inner
 * @param {string} outer
 */
function isWithin(inner, outer) {
  const way = relative(outer, inner);
  return way !== "" && way !== ".." && !way.startsWith(`..${sep}`);
}

/**
 * @param {string} path
 * @returns {Promise<string>} with the links of the part that is there followed
 */
async function realPath(path) {
  const absolute = resolve(path);
  try {
    return await realpath(absolute);
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code !== "ENOENT" || absolute === dirname(absolute))
      throw error;
    return join(await realPath(dirname(absolute)), basename(absolute));
  }
}
