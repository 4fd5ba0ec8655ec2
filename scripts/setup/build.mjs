import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { repositoryRoot } from "../local-stack/repository.mjs";
import { copyWidgets } from "../openemr-module/copy-widgets.mjs";

/** What a workspace's build reads, and where a build that finished leaves its mark. */
const WORKSPACES = [
  { name: "sidecar", sources: ["src", "package.json", "tsconfig.build.json"], result: "dist/main.js" },
  {
    name: "embedded-fhir-server",
    sources: ["src", "package.json", "tsconfig.build.json"],
    result: "dist/main.js",
  },
  {
    name: "web-components",
    sources: ["src", "index.html", "package.json", "vite.config.ts", "tsconfig.json"],
    result: "dist/index.html",
  },
];

/** Builds the workspaces whose sources are not those of their last build. */
export function buildWorkspaces() {
  for (const { name, sources, result } of WORKSPACES) {
    const root = join(repositoryRoot, name);
    const stamp = join(root, "dist/.source-hash");
    const hash = hashOf(root, [...sources, "../package-lock.json", "../tsconfig.base.json"]);
    if (existsSync(join(root, result)) && existsSync(stamp) && readFileSync(stamp, "utf8") === hash) continue;
    console.log(`Building ${name}`);
    const { status, stdout, stderr } = spawnSync("npm", ["run", "build", "-w", name, "--silent"], {
      cwd: repositoryRoot,
      encoding: "utf8",
    });
    if (status !== 0) throw new Error(`${name} does not build:\n${stdout}${stderr}`);
    writeFileSync(stamp, hash);
  }
  copyWidgets();
}

/**
 * @param {string} root
 * @param {readonly string[]} paths
 */
export function hashOf(root, paths) {
  const hash = createHash("sha256");
  for (const path of paths) {
    for (const file of filesBelow(join(root, path)))
      hash
        .update(`${file.slice(root.length)}\0`)
        .update(readFileSync(file))
        .update("\0");
  }
  return hash.digest("hex");
}

/**
 * @param {string} path
 * @returns {string[]} in a stable order
 */
function filesBelow(path) {
  if (!existsSync(path)) return [];
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path)
    .sort()
    .flatMap((name) => filesBelow(join(path, name)));
}
