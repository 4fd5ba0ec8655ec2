import { expect, test } from "vitest";
import type { AnalysisResult, StudyDetails } from "../../studies/study.js";
import { foundNothing, isOver, stateText } from "./result-state.js";
import { openModels } from "./run-model.js";

const result = (change: object) =>
  ({ segments: [], state: "failed", ...change }) as unknown as AnalysisResult;

test("a failure is told in the reader's language with what was seen; one that was canceled only that it was", () => {
  const failed = result({ code: "slices-missing", reason: "2 of 24 are missing" });
  expect(stateText(failed, "en")).toBe("The analysis failed: Images are missing. 2 of 24 are missing");
  expect(stateText(failed, "ko")).toContain("영상이 빠져 있습니다. 2 of 24 are missing");
  expect(stateText(result({ state: "canceled", reason: "by doctor" }), "en")).toBe(
    "The analysis was canceled.",
  );
});

test("what came to nothing may be done again, what waits, runs or has a result may not", () => {
  const states = ["queued", "running", "succeeded", "failed", "not-applicable", "canceled"];
  expect(states.filter((state) => isOver(result({ state })))).toEqual([
    "failed",
    "not-applicable",
    "canceled",
  ]);
});

test("nothing was found when every segment is empty, and not when there are none to be found", () => {
  expect(foundNothing(result({ segments: [{ volumeMl: 0 }] }))).toBe(true);
  expect(foundNothing(result({ segments: [{ volumeMl: 0 }, { volumeMl: 1 }] }))).toBe(false);
  expect(foundNothing(result({}))).toBe(false);
});

test("a model may be run on the series it has not looked at, and not where it is at work or has been", () => {
  const model = { name: "m", version: "1.0.0", title: "M", notice: "", seriesInstanceUids: ["1", "2"] };
  const of = (results: object[]) =>
    openModels({ runnableModels: [model], results } as unknown as StudyDetails);
  expect(of([])).toEqual([model]);
  const first = result({ model, sourceSeriesInstanceUid: "1", state: "running" });
  expect(of([first])[0]?.seriesInstanceUids).toEqual(["2"]);
  expect(of([first, result({ model, sourceSeriesInstanceUid: "2" })])).toEqual([]);
  const older = result({ model: { ...model, version: "0.9.0" }, sourceSeriesInstanceUid: "1" });
  expect(of([older])[0]?.seriesInstanceUids).toEqual(["1", "2"]);
});
