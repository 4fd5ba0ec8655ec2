import { expect, test } from "vitest";
import { EVERYTHING, parametersOf } from "./audit.js";

test("only what was filled in is asked for", () => {
  expect(parametersOf(EVERYTHING, null)).toBe("limit=50");
  const query = { ...EVERYTHING, user: " doctor ", outcome: "denied" };
  expect(Object.fromEntries(new URLSearchParams(parametersOf(query, 17)))).toEqual({
    limit: "50",
    user: "doctor",
    outcome: "denied",
    before: "17",
  });
});

test("a day is whole: from its first moment to its last, in the reader's time", () => {
  const found = new URLSearchParams(
    parametersOf({ ...EVERYTHING, from: "2026-03-01", to: "2026-03-01" }, null),
  );
  const [from, to] = [Date.parse(found.get("from") ?? ""), Date.parse(found.get("to") ?? "")];
  expect(new Date(from).getHours()).toBe(0);
  expect(to - from).toBe(86_399_999);
});
