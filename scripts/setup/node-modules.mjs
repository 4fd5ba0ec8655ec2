import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { repositoryRoot } from "../local-stack/repository.mjs";

const STAMP = join(repositoryRoot, "node_modules/.neuronova-lock-hash");
const LOWEST_NODE = [20, 19];

/** @throws Error when this Node is too old to run NeuroNova */
export function requireNode(version = process.versions.node) {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const [lowestMajor = 0, lowestMinor = 0] = LOWEST_NODE;
  if (major < lowestMajor || (major === lowestMajor && minor < lowestMinor)) {
    throw new Error(
      `Node ${version} is too old: NeuroNova needs ${LOWEST_NODE.join(".")} or newer (20 and 22 are tested).`,
    );
  }
}

/** Runs `npm ci` when node_modules is not what package-lock.json says. */
export function installNodeModules() {
  const hash = createHash("sha256")
    .update(readFileSync(join(repositoryRoot, "package-lock.json")))
    .digest("hex");
  if (existsSync(STAMP) && readFileSync(STAMP, "utf8") === hash) return;
  console.log("Installing Node packages (npm ci)");
  const { status } = spawnSync("npm", ["ci", "--no-audit", "--no-fund", "--loglevel=error"], {
    cwd: repositoryRoot,
    stdio: ["ignore", "inherit", "inherit"],
  });
  if (status !== 0) throw new Error("npm ci failed: is the package registry reachable?");
  writeFileSync(STAMP, hash);
}
