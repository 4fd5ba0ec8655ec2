import { expect, test } from "vitest";
import { untilNextDue } from "./until-next-due.js";

test.each([
  ["nothing waits", null, "idle"],
  ["it is due in a while: at its time", 1_300, { dueInMilliseconds: 1_300 }],
  ["it is due, and somebody has it: not at once", -40, { dueInMilliseconds: 500 }],
])("%s", async (_, milliseconds, outcome) => {
  const asked: string[] = [];
  const outbox = {
    millisecondsToNext: (destination: string) => {
      asked.push(destination);
      return Promise.resolve(milliseconds);
    },
  };
  expect(await untilNextDue(outbox, "webhook")).toEqual(outcome);
  expect(asked).toEqual(["webhook"]);
});
