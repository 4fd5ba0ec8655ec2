import { expect, test } from "vitest";
import { Progress, progressText } from "./progress.js";

function screen(columns: number | undefined) {
  let now = 0;
  const printed: string[] = [];
  const progress = new Progress(
    {
      columns,
      print: (text) => {
        printed.push(text);
        return Promise.resolve();
      },
    },
    () => now,
  );
  return { progress, printed, at: (milliseconds: number) => (now = milliseconds) };
}

test("on a terminal a bar is drawn over itself, and a line goes below it", async () => {
  const { progress, printed, at } = screen(80);
  await progress.show(0, 10);
  at(2_000);
  await progress.show(5, 10);
  await progress.say("done");
  expect(printed).toEqual([
    "\r[------------------------------] 0 of 10 (0 %), 0.0/s\u001b[K",
    "\r[###############---------------] 5 of 10 (50 %), 2.5/s, 0:02 to go\u001b[K",
    "\ndone\n",
  ]);
});

test("a narrow terminal never wraps the bar", async () => {
  const { progress, printed } = screen(20);
  await progress.show(5, 10);
  expect(printed[0]?.replace("\r", "").replace("\u001b[K", "")).toHaveLength(19);
});

test("anywhere else there is a plain line every ten seconds", async () => {
  const { progress, printed, at } = screen(undefined);
  for (const seconds of [0, 1, 9, 10, 11, 20]) {
    at(seconds * 1_000);
    await progress.show(seconds, 20);
  }
  await progress.say("done");
  expect(printed).toEqual([
    "0 of 20 (0 %), 0.0/s\n",
    "10 of 20 (50 %), 1.0/s, 0:10 to go\n",
    "20 of 20 (100 %), 1.0/s\n",
    "done\n",
  ]);
});

test("long times are told in hours, and nothing to do is all of it", () => {
  expect(progressText(1, 10_000, 1)).toBe("1 of 10000 (0 %), 1.0/s, 2:46:39 to go");
  expect(progressText(0, 0, 1)).toBe("0 of 0 (100 %), 0.0/s");
});
