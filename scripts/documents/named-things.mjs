import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { repositoryRoot } from "../local-stack/repository.mjs";

/** @param {string} path relative to the repository */
export function read(path) {
  return readFileSync(join(repositoryRoot, path), "utf8");
}

/**
 * @param {string} text
 * @param {RegExp} pattern global, with one group
 * @returns {string[]} what the group took, each once
 */
export function all(text, pattern) {
  return [...new Set([...text.matchAll(pattern)].map(([, taken = ""]) => taken))];
}

/** @param {string} folder of sources, without their tests */
function sources(folder) {
  return readdirSync(join(repositoryRoot, folder), { recursive: true, encoding: "utf8" })
    .filter((file) => /\.(?:ts|mjs)$/.test(file) && !/\.test\.(?:ts|mjs)$/.test(file))
    .map((file) => read(join(folder, file)))
    .join("\n");
}

/** Names of the metrics that a process tells. */
export function metrics() {
  return all(sources("sidecar/src/health"), /"(neuronova_[a-z0-9_]+)"/g);
}

/** Names of the settings. */
export function settings() {
  return all(sources("sidecar/src"), /^ {2}(NEURONOVA_[A-Z0-9_]+): (?:setting\(|secret\(|\{)/gm);
}

/** Names of the tables in the database. */
export function tables() {
  return all(sources("sidecar/src/adapters/mysql"), /CREATE TABLE IF NOT EXISTS `?([a-z_]+)/g);
}

/** Beginnings of the metrics that every program with prom-client tells. */
export const FAMILIES_OF_PROM_CLIENT = ["neuronova_process_", "neuronova_nodejs_"];

/** Variables of the environment that tests and scripts read. */
export function variables() {
  const read = /process\.env\["(NEURONOVA_[A-Z0-9_]+)"\]/g;
  return ["sidecar/test", "web-components/test", "scripts", "benchmarks"].flatMap((folder) =>
    all(sources(folder), read),
  );
}

/** What follows `neuronova` in its help: a word, or two. */
export function commands() {
  const [, help = ""] = /const USAGE = `([\s\S]*?)`;/.exec(read("sidecar/src/command-line/usage.ts")) ?? [];
  return [...help.matchAll(/^neuronova ([a-z0-9]+(?:-[a-z]+)*)(?: ([a-z][a-z|-]*))?/gm)].flatMap(
    ([, first = "", second]) => [
      first,
      ...(second ?? "").split("|").map((word) => `${first} ${word}`.trim()),
    ],
  );
}

/** The paths of docs/routes.md, which a test holds against the running stack in both directions. */
export function routes() {
  return all(read("docs/routes.md"), /`(?:[A-Z]+ )?(\/[^`\s]+)`/g);
}

/**
 * @param {string} named   as a document has it, with `{parameters}`; ends in `…` for all below it
 * @param {string} route
 */
export function isRoute(named, route) {
  const [wanted, known] = [named, route].map((path) => path.replace(/\?.*$/, "").split("/"));
  if (wanted === undefined || known === undefined) return false;
  const isPrefix = wanted.at(-1) === "…";
  if (isPrefix ? known.length < wanted.length : known.length !== wanted.length) return false;
  return wanted.every((part, at) => part === known[at] || /[{…]/.test(part) || known[at]?.includes("{"));
}
