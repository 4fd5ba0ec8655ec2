/** @typedef {import("./modules.mjs").Graph} Graph */

/** Top-level files of the sidecar that put rooms together and give them their adapters. */
const WIRING =
  /^(?:program|app|connections|identity|identity-routes|emr-routes|images|stow|draining|settings-table)\.ts$/;

/**
 * @param {string} path of a module of the sidecar
 * @returns {string} its layer (docs/architecture.md)
 */
function layerOf(path) {
  const inside = path.replace(/^sidecar\/src\//, "");
  if (/^(?:main|cli)\.ts$/.test(inside)) return "programs";
  if (WIRING.test(inside) || /^(?:roles|command-line)\//.test(inside)) return "wiring";
  if (inside.startsWith("adapters/")) return "adapters";
  if (inside.startsWith("dicom/")) return "dicom";
  return "features";
}

/**
 * @param {Graph} modules
 * @returns {Graph} which layer of the sidecar needs which other
 */
export function layerGraph(modules) {
  /** @type {Graph} */
  const layers = new Map();
  for (const [module, needs] of modules) {
    if (!module.startsWith("sidecar/")) continue;
    const layer = layerOf(module);
    const known = layers.get(layer) ?? new Set();
    for (const need of needs) if (layerOf(need) !== layer) known.add(layerOf(need));
    layers.set(layer, known);
  }
  return layers;
}
