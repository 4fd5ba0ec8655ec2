import { expect, test } from "vitest";
import { delayMilliseconds } from "./retry-schedule.js";
import { isWanted, newWebhook } from "./webhook.js";

const of = (rest: object) => newWebhook.parse({ url: "https://example.org/hook", ...rest });

test("a family of events does not bring those that are many; by name they come", () => {
  const family = of({ events: ["analysis.*"] });
  expect(isWanted(family, { event: "analysis.succeeded" }, undefined)).toBe(true);
  expect(isWanted(family, { event: "analysis.progress" }, undefined)).toBe(false);
  expect(isWanted(family, { event: "series.stable" }, undefined)).toBe(false);
  expect(isWanted(of({ events: ["analysis.progress"] }), { event: "analysis.progress" }, undefined)).toBe(
    true,
  );
});

test("filters by the study's modalities and labels; a study that is gone has none", () => {
  const webhook = of({ events: ["series.stable"], filter: { modalities: ["CT"], labels: ["research"] } });
  const event = { event: "series.stable" } as const;
  expect(isWanted(webhook, event, { modalities: ["MR", "CT"], labels: ["research"] })).toBe(true);
  expect(isWanted(webhook, event, { modalities: ["CT"], labels: [] })).toBe(false);
  expect(isWanted(webhook, event, { modalities: ["MR"], labels: ["research"] })).toBe(false);
  expect(isWanted(webhook, event, undefined)).toBe(false);
});

test.each([
  { url: "ftp://example.org/", events: ["series.stable"] },
  { url: "https://user:secret@example.org/", events: ["series.stable"] },
  { url: "https://example.org/#part", events: ["series.stable"] },
  { url: "https://example.org/", events: [] },
  { url: "https://example.org/", events: ["series.*", "no.such"] },
  { url: "https://example.org/", events: ["series.stable"], filter: { patient: "1" } },
])("%j is no webhook", (body) => {
  expect(newWebhook.safeParse(body).success).toBe(false);
});

test("waiting doubles up to a quarter of an hour; a receiver may ask for up to an hour", () => {
  const middle = () => 0.5;
  expect(
    [1, 2, 3, 8, 9, 100].map((failures) => delayMilliseconds(failures, undefined, middle) / 1_000),
  ).toEqual([5, 10, 20, 640, 900, 900]);
  expect(delayMilliseconds(1, 120, middle)).toBe(120_000);
  expect(delayMilliseconds(1, 999_999, middle)).toBe(3_600_000);
  expect(delayMilliseconds(1, -5, middle)).toBe(5_000);
});
