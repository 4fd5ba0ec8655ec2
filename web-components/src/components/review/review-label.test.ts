import { expect, test } from "vitest";
import type { Review } from "../../studies/review.js";
import { reviewLabel } from "./review-label.js";

const decided = (decision: Review["decision"]) =>
  ({
    decision,
    reviewer: { displayName: "Dr. Kim" },
    decidedAt: "2026-03-02T03:04:05Z",
  }) as unknown as Review;

test("a result says what was decided and by whom, or that nobody has reviewed it", () => {
  expect(reviewLabel("en", null)).toBe("AI, not reviewed");
  expect(reviewLabel("ko", undefined)).toBe("AI, 판독 전");
  expect(reviewLabel("en", decided("accepted"))).toMatch(/^AI, accepted by Dr\. Kim, .*2026/);
  expect(reviewLabel("en", decided("rejected"))).toMatch(/^AI, rejected by Dr\. Kim, /);
  expect(reviewLabel("en", decided("edited"))).toMatch(/^AI, corrected by Dr\. Kim, /);
});
