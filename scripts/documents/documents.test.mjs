import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { repositoryRoot } from "../local-stack/repository.mjs";
import {
  FAMILIES_OF_PROM_CLIENT,
  all,
  commands,
  isRoute,
  metrics,
  read,
  routes,
  settings,
  tables,
  variables,
} from "./named-things.mjs";

const pages = readdirSync(join(repositoryRoot, "docs"))
  .filter((file) => file.endsWith(".md"))
  .map((file) => `docs/${file}`);
const documents = [...pages, "README.md", "SECURITY.md", "CONTRIBUTING.md"];
/** Generated as a whole from what the CHANGELOG tells of. */
const GENERATED = ["docs/settings.md", "docs/permissions.md"];

const tests = new Set(
  ["sidecar", "web-components", "embedded-fhir-server", "scripts", "openemr-module"].flatMap((folder) =>
    readdirSync(join(repositoryRoot, folder), { recursive: true, encoding: "utf8" })
      .filter((file) => !file.includes("node_modules"))
      .map((file) => file.split("/").at(-1)),
  ),
);

/**
 * @param {RegExp} pattern
 * @param {(named: string) => boolean} exists
 * @returns {string[]} what documents name and is not there
 */
function missing(pattern, exists) {
  return documents.flatMap((page) =>
    all(read(page), pattern)
      .filter((named) => !exists(named))
      .map((named) => `${page}: ${named}`),
  );
}

describe("what a document names is there", () => {
  test("commands of neuronova", () => {
    const known = commands();
    expect(known).toContain("audit verify");
    expect(
      missing(/`(?:npx )?neuronova ([a-z0-9-]+(?: [a-z][a-z-]*)?)/g, (named) => known.includes(named)),
    ).toEqual([]);
  });

  test("npm scripts, of the repository or of a workspace", () => {
    const known = ["package.json", "sidecar/package.json", "web-components/package.json"].flatMap((file) =>
      Object.keys(JSON.parse(read(file)).scripts),
    );
    expect(missing(/npm run ([a-z][a-z:-]*)/g, (named) => known.includes(named))).toEqual([]);
  });

  test("programs for node", () => {
    const exists = (/** @type {string} */ path) => existsSync(join(repositoryRoot, path));
    expect(missing(/\bnode ((?:scripts|benchmarks)\/[\w./-]+)/g, exists)).toEqual([]);
  });

  test("settings", () => {
    const known = [...settings(), ...variables()];
    const exists = (/** @type {string} */ named) =>
      known.includes(named.replace(/_FILE$/, "")) ||
      // NEURONOVA_UPLOAD_*: a family of them
      (named.endsWith("_") && known.some((name) => name.startsWith(named)));
    expect(missing(/\b(NEURONOVA_[A-Z0-9_]+)/g, exists)).toEqual([]);
  });

  test("metrics", () => {
    const known = metrics();
    const exists = (/** @type {string} */ named) =>
      known.includes(named) || FAMILIES_OF_PROM_CLIENT.includes(named);
    expect(missing(/\b(neuronova_[a-z0-9_]+)/g, exists)).toEqual([]);
  });

  test("routes", () => {
    const known = routes();
    expect(known.length).toBeGreaterThan(50);
    const exists = (/** @type {string} */ named) => known.some((route) => isRoute(named, route));
    expect(missing(/`(?:GET|POST|PUT|PATCH|DELETE) (\/(?:api|dicom-web)\/[^`\s]+)/g, exists)).toEqual([]);
  });

  test("tables", () => {
    const known = tables();
    expect(known).toContain("audit_record");
    const exists = (/** @type {string} */ named) => known.includes(named);
    expect(missing(/\btables? `([a-z_]+)`/g, exists)).toEqual([]);
    const rows = all(read("docs/tables.md"), /^\| `([a-z_]+)`/gm);
    expect(rows.filter((named) => !exists(named))).toEqual([]);
  });

  test("tests", () => {
    expect(missing(/\b([\w-]+\.test\.m?ts)\b/g, (named) => tests.has(named))).toEqual([]);
  });
});

describe("what is there is named in a document", () => {
  const text = pages.map(read).join("\n");
  test("settings", () => {
    const page = read("docs/settings.md");
    expect(settings().filter((name) => !page.includes(`\`${name}\``))).toEqual([]);
  });

  test("tables", () => {
    const rows = all(read("docs/tables.md"), /^\| `([a-z_]+)`/gm);
    expect(tables().filter((name) => !rows.includes(name))).toEqual([]);
  });

  test("metrics", () => {
    expect(metrics().filter((name) => !new RegExp(`\\b${name}\\b`).test(text))).toEqual([]);
  });

  test("commands of neuronova", () => {
    expect(commands().filter((name) => !new RegExp(`(neuronova |\`)${name}`).test(text))).toEqual([]);
  });
});

test.each(pages.filter((page) => !GENERATED.includes(page)))("%s ends with its history", (page) => {
  const [, history = ""] = read(page).split("\n## Changes\n");
  expect(history).toMatch(/^\n\| version \| change\s*\|\n\| -+ \| -+ \|\n(\| \d+\.\d+\.\d+ +\| .+ \|\n)+$/);
});
