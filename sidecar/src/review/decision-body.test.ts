import { expect, test } from "vitest";
import { correctionQuery, decisionBody } from "./decision-body.js";

const seen = { reportSopInstanceUid: "2.25.1" };

test.each([
  ["an acceptance", { ...seen, decision: "accepted" }],
  ["an acceptance with a comment", { ...seen, decision: "accepted", comment: "Good." }],
  ["a rejection with its reason", { ...seen, decision: "rejected", reason: "false-positive" }],
  ["another reason, in words", { ...seen, decision: "rejected", reason: "other", comment: "Why." }],
])("%s is taken", (_what, body) => {
  expect(decisionBody.safeParse(body).success).toBe(true);
});

test.each([
  ["a rejection without a reason", { ...seen, decision: "rejected" }],
  ["an acceptance with a reason", { ...seen, decision: "accepted", reason: "quality" }],
  ["another reason without words", { ...seen, decision: "rejected", reason: "other" }],
  ["another reason with blanks", { ...seen, decision: "rejected", reason: "other", comment: "  " }],
  ["a reason that is not in the list", { ...seen, decision: "rejected", reason: "mood" }],
  ["a decision about nothing in particular", { decision: "accepted" }],
  ["an edit, which needs a segmentation", { ...seen, decision: "edited" }],
  ["a UID that is none", { reportSopInstanceUid: "1.02", decision: "accepted" }],
])("%s is refused", (_what, body) => {
  expect(decisionBody.safeParse(body).success).toBe(false);
});

test("a correction says what was looked at; its free text has no place in an address", () => {
  expect(correctionQuery.safeParse(seen).success).toBe(true);
  expect(correctionQuery.safeParse({ ...seen, reason: "wrong-boundary" }).success).toBe(true);
  expect(correctionQuery.safeParse({ ...seen, reason: "other" }).success).toBe(false);
  expect(correctionQuery.safeParse({ ...seen, comment: "text" }).success).toBe(false);
});
