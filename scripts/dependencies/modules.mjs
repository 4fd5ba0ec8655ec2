import { cruise } from "dependency-cruiser";
import extractDepcruiseOptions from "dependency-cruiser/config-utl/extract-depcruise-options";
import extractTSConfig from "dependency-cruiser/config-utl/extract-ts-config";
import { join } from "node:path";
import { repositoryRoot } from "../local-stack/repository.mjs";

/** The workspaces whose modules are looked at. */
export const SOURCES = ["sidecar/src", "web-components/src", "embedded-fhir-server/src"];

/** @typedef {Map<string, Set<string>>} Graph what each node needs */

/**
 * Which module imports which, types too; tests are left out.
 * @returns {Promise<Graph>} by path from the repository's root
 */
export async function moduleGraph() {
  const options = await extractDepcruiseOptions(join(repositoryRoot, ".dependency-cruiser.cjs"));
  const before = process.cwd();
  process.chdir(repositoryRoot);
  try {
    const tsConfig = extractTSConfig("tsconfig.base.json");
    const { output } = await cruise(SOURCES, { ...options, validate: false }, {}, { tsConfig });
    if (typeof output === "string") throw new Error("no graph came");
    const isOurs = (/** @type {string} */ path) =>
      SOURCES.some((folder) => path.startsWith(`${folder}/`)) && !/\.test\.ts$/.test(path);
    return new Map(
      output.modules
        .filter(({ source }) => isOurs(source))
        .map(({ source, dependencies }) => [
          source,
          new Set(dependencies.map(({ resolved }) => resolved).filter(isOurs)),
        ]),
    );
  } finally {
    process.chdir(before);
  }
}

/**
 * The folder that a module is in, or the module itself where it stands at the top.
 * @param {string} path e.g. `sidecar/src/dicom/uid.ts`
 * @returns {string} e.g. `sidecar: dicom/`, `sidecar: main.ts`
 */
export function roomOf(path) {
  const [workspace = "", , first = "", ...rest] = path.split("/");
  return `${workspace}: ${rest.length > 0 ? `${first}/` : first}`;
}

/**
 * @param {Graph} modules
 * @returns {Graph} which room needs which other
 */
export function roomGraph(modules) {
  /** @type {Graph} */
  const rooms = new Map();
  for (const [module, needs] of modules) {
    const room = roomOf(module);
    const known = rooms.get(room) ?? new Set();
    for (const need of needs) if (roomOf(need) !== room) known.add(roomOf(need));
    rooms.set(room, known);
  }
  return rooms;
}
