/**
 * @param {readonly string[]} options `NAME=PATH` each
 * @returns {Map<string, string>}
 */
export function namedFolders(options) {
  /** @type {Map<string, string>} */
  const folders = new Map();
  for (const option of options) {
    const [, name, path] = /^([a-z][a-z0-9-]*)=(.+)$/.exec(option) ?? [];
    if (name === undefined || path === undefined) throw new Error(`--folder takes NAME=PATH, not ${option}`);
    // The later one would be taken alone, without a word.
    if (folders.has(name)) throw new Error(`--folder ${name}=… is given twice`);
    folders.set(name, path);
  }
  return folders;
}
