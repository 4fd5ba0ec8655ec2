import { expect, test } from "vitest";
import { statisticsOf } from "./statistics.js";

const model = { modelName: "tumor_detection", modelVersion: "1.0.0" };

test("counts and shares of what was reviewed, by version, with the reasons", () => {
  const [first, second] = statisticsOf(
    [
      { ...model, decision: "accepted", reason: null, count: 6 },
      { ...model, decision: "rejected", reason: "false-positive", count: 1 },
      { ...model, decision: "rejected", reason: "quality", count: 1 },
      { ...model, decision: "edited", reason: "wrong-boundary", count: 2 },
      { ...model, modelVersion: "1.1.0", decision: "accepted", reason: null, count: 1 },
    ],
    [{ ...model, count: 3 }],
  );
  expect(first).toEqual({
    model: "tumor_detection",
    version: "1.0.0",
    reviewed: 10,
    unreviewed: 3,
    decisions: {
      accepted: { count: 6, share: 0.6, reasons: {} },
      rejected: { count: 2, share: 0.2, reasons: { "false-positive": 1, quality: 1 } },
      edited: { count: 2, share: 0.2, reasons: { "wrong-boundary": 2 } },
    },
  });
  expect(second).toMatchObject({ version: "1.1.0", reviewed: 1, unreviewed: 0 });
});

test("of a model that nobody has reviewed there is no share", () => {
  const [only] = statisticsOf([], [{ ...model, count: 2 }]);
  expect(only).toMatchObject({
    reviewed: 0,
    unreviewed: 2,
    decisions: { accepted: { count: 0, share: null } },
  });
});
