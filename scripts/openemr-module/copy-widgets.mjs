import { copyFileSync, mkdirSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { repositoryRoot } from "../local-stack/repository.mjs";

const ENTRY = "widgets/neuronova.js";
const PARTS = ["widgets", "assets"];

/**
 * Puts the widgets into the OpenEMR module, which serves them from its own `public`: OpenEMR lets scripts in from its
 * modules' folders alone. What only the workspace's page and OHIF need stays out.
 */
export function copyWidgets() {
  const built = join(repositoryRoot, "web-components/dist");
  const target = join(repositoryRoot, "openemr-module/oe-module-neuronova/public");
  for (const part of PARTS) rmSync(join(target, part), { recursive: true, force: true });
  for (const file of neededBy(built, ENTRY)) {
    mkdirSync(dirname(join(target, file)), { recursive: true });
    copyFileSync(join(built, file), join(target, file));
  }
}

/**
 * @param {string} built
 * @param {string} entry
 * @returns {Set<string>} the entry, and every built file whose name one of them holds
 */
function neededBy(built, entry) {
  const assets = readdirSync(join(built, "assets"));
  const needed = new Set([entry]);
  for (const file of needed) {
    if (!file.endsWith(".js")) continue;
    const text = readFileSync(join(built, file), "utf8");
    for (const asset of assets) if (text.includes(asset)) needed.add(`assets/${asset}`);
  }
  return needed;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) copyWidgets();
