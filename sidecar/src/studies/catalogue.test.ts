import { expect, test } from "vitest";
import { overallReview } from "./catalogue.js";

test("a study is reviewed once a person has decided about each of its results, and not before", () => {
  expect(overallReview(new Set())).toEqual({ state: "none", decisions: [] });
  expect(overallReview(new Set(["unreviewed"]))).toEqual({ state: "unreviewed", decisions: [] });
  expect(overallReview(new Set(["unreviewed", "accepted"]))).toEqual({
    state: "partly-reviewed",
    decisions: ["accepted"],
  });
  expect(overallReview(new Set(["rejected", "edited"]))).toEqual({
    state: "reviewed",
    decisions: ["edited", "rejected"],
  });
});
