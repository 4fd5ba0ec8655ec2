import { describe, expect, test } from "vitest";
import { aggregateScore } from "./aggregate-scores.js";
import type { ScoreManifest } from "./model-manifest.js";

const code = { value: "1", scheme: "99TEST", meaning: "Test" };

function score(change: Partial<ScoreManifest> = {}): ScoreManifest {
  return {
    name: "stroke",
    title: "Stroke",
    code,
    output: "risk",
    channel: 0,
    aggregation: { kind: "mean-of-highest", slices: 2 },
    range: [0, 1],
    meaning: "0: none, 1: certain",
    bands: [
      { from: 0, label: "low", code },
      { from: 0.4, label: "raised", code },
      { from: 0.8, label: "high", code },
    ],
    ...change,
  };
}

describe("a score of a series", () => {
  test("is the mean of the highest slices, wherever they are", () => {
    expect(aggregateScore(score(), [0.1, 0.9, 0.2, 0.5]).value).toBe(0.7);
    expect(aggregateScore(score(), [0.3]).value).toBe(0.3);
  });

  test("is the mean of all slices when the manifest says so", () => {
    const mean = score({ aggregation: { kind: "mean" } });
    expect(aggregateScore(mean, [0.1, 0.9, 0.2, 0.4]).value).toBe(0.4);
  });

  test.each([
    [0, "low"],
    [0.3999, "low"],
    [0.4, "raised"],
    [0.7999, "raised"],
    [0.8, "high"],
    [1, "high"],
  ])("of %d is %s: a band holds its lower end", (value, label) => {
    expect(aggregateScore(score(), [value, value]).band.label).toBe(label);
  });

  test("is calibrated on the scale of log odds, and stays a probability", () => {
    const calibration = { kind: "logistic", slope: 2, intercept: Math.log(3) } as const;
    // Odds 1 become 1² × 3, odds 1/9 become 1/81 × 3.
    expect(aggregateScore(score({ calibration }), [0.5, 0.5]).value).toBe(0.75);
    expect(aggregateScore(score({ calibration }), [0.1, 0.1]).value).toBeCloseTo(3 / 84, 4);
    for (const certain of [0, 1])
      expect(aggregateScore(score({ calibration }), [certain]).value).toBeCloseTo(certain, 3);
  });
});
