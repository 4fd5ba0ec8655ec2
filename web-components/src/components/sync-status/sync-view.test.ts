import { nothing, type TemplateResult } from "lit";
import { expect, test } from "vitest";
import type { Destination } from "../../studies/outbox.js";
import { destinationView } from "./sync-view.js";

/** What a template says, without its marks. */
function textOf(part: unknown): string {
  if (Array.isArray(part)) return part.map(textOf).join("");
  if (typeof part !== "object" || part === null) return typeof part === "symbol" ? "" : String(part);
  const { strings, values } = part as { strings: readonly string[]; values: readonly unknown[] };
  return strings.map((string, at) => string + textOf(values[at] ?? "")).join("");
}

const destination = (change: Partial<Destination>): Destination =>
  ({
    destination: "fhir",
    breaker: "closed",
    since: null,
    code: null,
    pending: 0,
    failed: 0,
    oldestSeconds: 0,
    ...change,
  }) as Destination;

test.each([
  ["closed", "changes are delivered (breaker closed)", "good"],
  ["open", "does not answer: changes wait (breaker open)", "bad"],
  ["half-open", "is being tried again (breaker half-open)", "bad"],
  ["none", "nothing is delivered: no worker is running", "bad"],
] as const)("a system whose breaker is %s says so", (breaker, words, tone) => {
  const text = textOf(destinationView(destination({ breaker }), "en", nothing));
  expect(text).toContain(words);
  expect(text).toContain(`class=${tone}`);
});

test("how many changes wait since when, and how many failed, is told; what failed may be sent again", () => {
  const waiting = textOf(destinationView(destination({ pending: 2, oldestSeconds: 61.4 }), "en", nothing));
  expect(waiting).toContain("2 changes wait");
  expect(waiting).toContain("the oldest for 61 s");
  const again = { strings: ["(again)"], values: [] } as unknown as TemplateResult;
  expect(textOf(destinationView(destination({ failed: 3 }), "en", again))).toMatch(/3 failed.*\(again\)/s);
  expect(waiting).not.toContain("(again)");
  expect(textOf(destinationView(destination({}), "en", again))).not.toContain("(again)");
});
