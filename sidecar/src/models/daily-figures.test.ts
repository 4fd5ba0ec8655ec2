import { expect, test } from "vitest";
import { dailyFigures, type EndedAnalysis } from "./daily-figures.js";

const model = { name: "tumor_detection", version: "1.0.0" };
const succeeded = (
  modelMilliseconds: number | null,
  waitMilliseconds: number | null = 10,
): EndedAnalysis => ({
  ...model,
  ...{ state: "succeeded", code: null, modelMilliseconds, waitMilliseconds },
});
const ended = (state: EndedAnalysis["state"], code: string | null): EndedAnalysis => ({
  ...model,
  ...{ state, code, modelMilliseconds: null, waitMilliseconds: null },
});

test("analyses are counted by how they ended, failures by reason", () => {
  const [figures] = dailyFigures(
    [
      succeeded(100),
      ended("failed", "slices-missing"),
      ended("failed", "slices-missing"),
      ended("failed", null),
      ended("canceled", "canceled"),
      ended("not-applicable", "model-missing"),
    ],
    [],
  );
  expect(figures).toMatchObject({ succeeded: 1, failed: 3, canceled: 1, notApplicable: 1 });
  expect(figures?.failures).toEqual({ "slices-missing": 2, "unknown-fault": 1 });
});

test("median and 95th percentile are times that were measured; what is not known is left out", () => {
  const times = [400, 100, 300, 200];
  const [even] = dailyFigures([...times.map((time) => succeeded(time)), succeeded(null, null)], []);
  expect(even?.modelMilliseconds).toEqual({ median: 200, p95: 400 });
  expect(even?.waitMilliseconds).toEqual({ median: 10, p95: 10 });
  const hundred = Array.from({ length: 100 }, (_, index) => succeeded(100 - index));
  expect(dailyFigures(hundred, [])[0]?.modelMilliseconds).toEqual({ median: 50, p95: 95 });
  expect(dailyFigures([ended("failed", "x")], [])[0]?.modelMilliseconds).toBeNull();
});

test("versions stand apart, in order; decisions count on their own, also of a model that ran on no image", () => {
  const other = { ...succeeded(1), version: "0.9.0" };
  const figures = dailyFigures(
    [succeeded(1), other],
    [
      { ...model, decision: "accepted", count: 2 },
      { ...model, decision: "edited", count: 1 },
      { name: "stroke_risk", version: "1.0.0", decision: "rejected", count: 4 },
    ],
  );
  expect(figures.map(({ name, version }) => `${name} ${version}`)).toEqual([
    "stroke_risk 1.0.0",
    "tumor_detection 0.9.0",
    "tumor_detection 1.0.0",
  ]);
  expect(figures[0]).toMatchObject({ succeeded: 0, rejected: 4, waitMilliseconds: null });
  expect(figures[2]).toMatchObject({ accepted: 2, rejected: 0, edited: 1 });
});
