import { expect, test } from "vitest";
import { ApiError } from "../error-response.js";
import { StateUnavailable } from "../state/state-error.js";
import { NotHereYet } from "./not-here-yet.js";
import { settlementOf } from "./settlement.js";

const HOUR = 3_600_000;
const after = (error: unknown, waitingMilliseconds: number, attempts = 1) =>
  settlementOf(error, { attempts, waitingMilliseconds });

test("what is refused is over, with the reason that the rest of the API gives", () => {
  expect(after(new ApiError(403, "forbidden", "This needs the permission order."), 0)).toEqual({
    code: "forbidden",
    reason: "This needs the permission order.",
    retryInMilliseconds: undefined,
  });
});

test.each([
  new ApiError(404, "study-not-found", ""),
  new NotHereYet("study-incomplete", ""),
  new ApiError(403, "study-forbidden", "", {}, { reason: "study-unknown" }),
])("images are waited for, an hour at most: $code", (error) => {
  expect(after(error, 0).retryInMilliseconds).toBe(1_000);
  expect(after(error, HOUR - 1, 30).retryInMilliseconds).toBe(30_000);
  expect(after(error, HOUR).retryInMilliseconds).toBeUndefined();
});

test("a study that is somebody else's is not waited for", () => {
  const error = new ApiError(403, "study-forbidden", "", {}, { reason: "label-missing" });
  expect(after(error, 0).retryInMilliseconds).toBeUndefined();
});

test("what failed here is tried again for a day, and says nothing of what it was", () => {
  for (const error of [new StateUnavailable("away"), new ApiError(503, "audit-unavailable", "")]) {
    expect(after(error, 23 * HOUR, 30).retryInMilliseconds).toBe(300_000);
    expect(after(error, 24 * HOUR).retryInMilliseconds).toBeUndefined();
  }
  expect(after(new Error("Hong Gildong"), 0)).toMatchObject({
    code: "internal-error",
    reason: "Something failed here; the log has the details.",
  });
});
