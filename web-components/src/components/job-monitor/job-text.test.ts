import { expect, test } from "vitest";
import type { Job } from "../../studies/jobs.js";
import { jobProgress, jobReason, jobState } from "./job-text.js";

const job = (change: Partial<Job>): Job =>
  ({ state: "running", cancelRequested: false, progress: { slicesDone: 0, slices: 0 }, ...change }) as Job;

test("a running job that was asked to end is not called canceled before it is", () => {
  expect(jobState(job({ cancelRequested: true }), "en")).toBe("is being canceled…");
  expect(jobState(job({ state: "canceled" }), "ko")).toBe("취소됨");
  expect(jobState(job({}), "en")).toBe("running…");
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

test.each([
  ["worker-died", "The program that worked on it ended each time."],
  ["too-few-slices", "There are too few images."],
  ["plane-unsuitable", "The images lie in another plane than the model looks at."],
  ["spacing-unsuitable", "The images have another spacing than the model takes."],
  ["units-unsuitable", "The images have another unit than the model takes."],
  ["slices-missing", "Images are missing."],
  ["spacing-irregular", "The images do not lie at regular distances."],
  ["stacks-several", "The series has several stacks of images."],
  ["position-duplicate", "Two images lie at the same place."],
  ["model-run-failed", "The model itself did not work."],
])("%s is told as what a person can do something about", (code, words) => {
  expect(jobReason(job({ state: "failed", reason: { code, detail: "" } }), "en")).toBe(words);
});

test("progress is a share of slices, and nothing before they are counted", () => {
  expect(jobProgress(job({}))).toBeUndefined();
  expect(jobProgress(job({ progress: { slicesDone: 6, slices: 24 } }))).toBe(0.25);
  expect(jobProgress(job({ state: "queued", progress: { slicesDone: 6, slices: 24 } }))).toBeUndefined();
});
