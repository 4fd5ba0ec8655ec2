import { expect, test } from "vitest";
import { inTurn } from "./in-turn.js";

test("one after another, also after one that failed, each with its own answer", async () => {
  const turn = inTurn();
  let [running, most] = [0, 0];
  const order: number[] = [];
  const answers = await Promise.allSettled(
    [1, 2, 3, 4].map((number) =>
      turn(async () => {
        most = Math.max(most, (running += 1));
        await Promise.resolve();
        order.push(number);
        running -= 1;
        if (number === 2) throw new Error("fault");
        return number;
      }),
    ),
  );
  expect(most).toBe(1);
  expect(order).toEqual([1, 2, 3, 4]);
  expect(answers.map((answer) => (answer.status === "fulfilled" ? answer.value : "fault"))).toEqual([
    1,
    "fault",
    3,
    4,
  ]);
});
