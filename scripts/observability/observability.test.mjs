import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, it } from "vitest";
import { parse, stringify } from "yaml";

/**
 * @typedef {object} Rule
 * @property {string} alert
 * @property {string} expr
 * @property {string} [for]
 * @typedef {{ alertname: string, exp_alerts: object[] }} AlertTest
 * @typedef {{ x: number, y: number, w: number, h: number }} Place
 * @typedef {{ id: number, title: string, gridPos: Place, targets: { expr: string }[] }} Panel
 */

const directory = fileURLToPath(new URL("../../observability", import.meta.url));
const read = (/** @type {string} */ path) => readFileSync(join(directory, path), "utf8");
const documented = read("../docs/observability.md");

/** @type {Rule[]} */
const rules = parse(read("alerts.yaml")).groups.flatMap(
  (/** @type {{ rules: Rule[] }} */ group) => group.rules,
);
/** @type {{ panels: Panel[] }} */
const dashboard = JSON.parse(read("grafana/neuronova.json"));

const temporary = mkdtempSync(join(tmpdir(), "neuronova-promtool-"));
afterAll(() => rmSync(temporary, { recursive: true, force: true }));

/** promtool of the Debian package `prometheus`, in the folder of the rules. @throws Error with what it says */
function promtool(/** @type {string[]} */ ...args) {
  return execFileSync("promtool", args, { cwd: directory, encoding: "utf8", stdio: "pipe" });
}

describe("the alert rules", () => {
  it("and the configuration are taken by promtool", () => {
    expect(promtool("check", "config", "prometheus.yaml")).toContain(`${rules.length} rules found`);
  });

  it("alert of what they are for, and of nothing that is well", () => {
    expect(promtool("test", "rules", "alerts.test.yaml")).toContain("SUCCESS");

    // The check is one: a rule that never alerts does not pass it.
    const silent = parse(read("alerts.yaml"));
    silent.groups[0].rules[0].expr = "up > 1";
    writeFileSync(join(temporary, "alerts.yaml"), stringify(silent));
    const tests = parse(read("alerts.test.yaml"));
    writeFileSync(
      join(temporary, "alerts.test.yaml"),
      stringify({ ...tests, tests: tests.tests.slice(0, 1) }),
    );
    expect(() => promtool("test", "rules", join(temporary, "alerts.test.yaml"))).toThrow(
      "NeuroNovaProcessDown",
    );
  });

  it("are each tested both ways, and documented with what to do", () => {
    /** @type {AlertTest[]} */
    const tests = parse(read("alerts.test.yaml")).tests.flatMap(
      (/** @type {{ alert_rule_test: AlertTest[] }} */ test) => test.alert_rule_test,
    );
    const names = rules.map(({ alert }) => alert);
    for (const name of names) {
      const outcomes = tests
        .filter(({ alertname }) => alertname === name)
        .map((test) => test.exp_alerts.length);
      expect(new Set(outcomes), name).toEqual(new Set([0, 1]));
    }
    const inDocument = [...documented.matchAll(/^\| `(NeuroNova\w+)`/gm)].map(([, name]) => name);
    expect(inDocument).toEqual(names);
  });
});

describe("the dashboard", () => {
  it("asks questions that Prometheus understands", () => {
    const expressions = dashboard.panels.flatMap(({ targets }) => targets.map(({ expr }) => expr));
    const file = join(temporary, "dashboard.yaml");
    const recorded = expressions.map((expr, index) => ({ record: `panel:${index}`, expr }));
    writeFileSync(file, stringify({ groups: [{ name: "dashboard", rules: recorded }] }));
    expect(promtool("check", "rules", file)).toContain(`${expressions.length} rules found`);
    expect(expressions.length).toBeGreaterThan(0);
  });

  it("has panels that do not lie over each other", () => {
    const { panels } = dashboard;
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
    for (const { title, gridPos: a } of panels) {
      expect(a.x + a.w, title).toBeLessThanOrEqual(24);
      for (const { title: other, gridPos: b } of panels) {
        const apart = a.x + a.w <= b.x || b.x + b.w <= a.x || a.y + a.h <= b.y || b.y + b.h <= a.y;
        expect(apart || title === other, `${title} and ${other}`).toBe(true);
      }
    }
  });
});

it("rules and dashboard name only metrics that docs/observability.md has", () => {
  const table = new Map(
    [...documented.matchAll(/^\| `(neuronova_\w+)` +\| (\w+)/gm)].map(([, name = "", type]) => [name, type]),
  );
  const expressions = [...rules, ...dashboard.panels.flatMap(({ targets }) => targets)].map(
    ({ expr }) => expr,
  );
  for (const name of expressions.join("\n").match(/neuronova_\w+/g) ?? []) {
    const ofNode = /^neuronova_(?:process|nodejs)_/.test(name);
    const histogram = table.get(name.replace(/_bucket$/, "")) === "histogram" && name.endsWith("_bucket");
    expect(ofNode || histogram || table.has(name), name).toBe(true);
  }
});
