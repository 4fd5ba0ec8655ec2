import { expect, test } from "vitest";
import type { OrthancId } from "../dicom/uid.js";
import type { Job } from "../pipeline/job-queue.js";
import { fillBackground } from "./fill-background.js";

/** A catalogue of 100,000 that wait, and a queue that keeps what it is given until it is worked off. */
function catalogue(waiting: number) {
  const done = new Set<string>();
  const queued = new Map<string, Job>();
  let largest = 0;
  return {
    renditions: {
      backgroundWork: (limit: number) => {
        const work: { orthancId: OrthancId; fileUuid: string }[] = [];
        for (let number = 0; number < waiting && work.length < limit; number += 1)
          if (!done.has(String(number)))
            work.push({ orthancId: String(number) as OrthancId, fileUuid: "file" });
        return Promise.resolve(work);
      },
    },
    queue: {
      add: (jobs: readonly Job[]) => {
        for (const job of jobs) queued.set(job.key, job);
        largest = Math.max(largest, queued.size);
        return Promise.resolve();
      },
      waitingInBackground: () => Promise.resolve(queued.size),
    },
    work: (count: number) => {
      for (const key of [...queued.keys()].slice(0, count)) {
        queued.delete(key);
        done.add(key);
      }
    },
    largest: () => largest,
    done: () => done.size,
    queued,
  };
}

test("the queue never holds more than a window and a half of a hundred thousand, however fast it is worked off", async () => {
  const parts = catalogue(100_000);
  let rounds = 0;
  // 97 and 300: a slow worker, and one that is faster than the window.
  for (; parts.done() < 2_000; rounds += 1) {
    await fillBackground(parts);
    parts.work(rounds % 2 === 0 ? 97 : 300);
  }
  expect(parts.largest()).toBeLessThanOrEqual(384);
  expect([...parts.queued.values()].every(({ background }) => background === true)).toBe(true);
  expect(rounds).toBeLessThan(20);
});

test("a queue that is full enough is left alone, an empty catalogue is no work", async () => {
  const parts = catalogue(1_000);
  expect(await fillBackground(parts)).toEqual({ dueInMilliseconds: 500 });
  expect(parts.queued.size).toBe(256);
  parts.work(100);
  expect(await fillBackground(parts)).toEqual({ dueInMilliseconds: 500 });
  expect(parts.queued.size).toBe(156);
  const empty = catalogue(0);
  expect(await fillBackground(empty)).toBe("idle");
  expect(empty.queued.size).toBe(0);
});
