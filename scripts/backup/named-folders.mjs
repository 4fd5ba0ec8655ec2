/**
 * @param {readonly string[]} options `NAME=PATH` each
 * @returns {Map<string, string>}
 */
export function namedFolders(options) {
  return new Map(
    options.map((option) => {
      const [, name, path] = /^([a-z][a-z0-9-]*)=(.+)$/.exec(option) ?? [];
      if (name === undefined || path === undefined)
        throw new Error(`--folder takes NAME=PATH, not ${option}`);
      return [name, path];
    }),
  );
}
