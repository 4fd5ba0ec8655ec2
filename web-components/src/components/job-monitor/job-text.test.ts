import { expect, test } from "vitest";
import type { Job } from "../../studies/jobs.js";
import { jobProgress, jobReason, jobState } from "./job-text.js";

const job = (change: Partial<Job>): Job =>
  ({ state: "running", cancelRequested: false, progress: { slicesDone: 0, slices: 0 }, ...change }) as Job;

test("a running job that was asked to end is not called canceled before it is", () => {
  expect(jobState(job({ cancelRequested: true }), "en")).toBe("is being canceled…");
  expect(jobState(job({ state: "canceled" }), "ko")).toBe("취소됨");
});

test("a reason is told in the reader's language, with what was seen; an unknown one as the server says it", () => {
  const failed = job({ state: "failed", reason: { code: "slices-missing", detail: "2 of 24 are missing" } });
  expect(jobReason(failed, "ko")).toBe("영상이 빠져 있습니다. 2 of 24 are missing");
  expect(jobReason({ ...failed, reason: { code: "new-code", detail: "what was seen" } }, "ko")).toBe(
    "what was seen",
  );
  expect(jobReason({ ...failed, reason: { code: "new-code", detail: "" } }, "en")).toBe("new-code");
  expect(jobReason({ ...failed, state: "canceled" }, "en")).toBeUndefined();
});

test("progress is a share of slices, and nothing before they are counted", () => {
  expect(jobProgress(job({}))).toBeUndefined();
  expect(jobProgress(job({ progress: { slicesDone: 6, slices: 24 } }))).toBe(0.25);
  expect(jobProgress(job({ state: "queued", progress: { slicesDone: 6, slices: 24 } }))).toBeUndefined();
});
