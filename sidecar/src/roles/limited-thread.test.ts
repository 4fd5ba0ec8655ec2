import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, expect, test } from "vitest";
import { LimitedThread, ThreadLimitError } from "./limited-thread.js";

const directory = mkdtempSync(join(tmpdir(), "neuronova-limited-thread-"));
const worker = pathToFileURL(join(directory, "worker.mjs"));
writeFileSync(worker, "export function loop() { for (;;); }\nexport const next = (value) => value + 1;\n");
const thread = new LimitedThread({ worker, longestMilliseconds: 500, mostWaiting: 2 });

afterAll(async () => {
  await thread.close();
  rmSync(directory, { recursive: true });
});

test("work that never ends is given up, and what waits behind it is done", async () => {
  const endless = thread.run("loop", undefined);
  const behind = thread.run("next", 1);
  await expect(endless).rejects.toThrow(ThreadLimitError);
  expect(await behind).toBe(2);
});

test("the time of waiting does not count", async () => {
  const endless = [thread.run("loop", undefined), thread.run("loop", undefined)];
  const behind = thread.run("next", 5);
  expect((await Promise.allSettled(endless)).map(({ status }) => status)).toEqual(["rejected", "rejected"]);
  expect(await behind).toBe(6);
});

test("more than may wait is refused at once", async () => {
  const taken = [1, 2, 3].map((value) => thread.run("next", value));
  await expect(thread.run("next", 4)).rejects.toThrow("wait already");
  expect(await Promise.all(taken)).toEqual([2, 3, 4]);
});
