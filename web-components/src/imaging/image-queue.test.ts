import { expect, test } from "vitest";
import { bytesFor, fetchOrder, imagesAhead } from "./fetch-ahead.js";
import { ImageQueue } from "./image-queue.js";
import type { SeriesImage } from "./series-images.js";

const images = Array.from({ length: 20 }, (_, index) => ({
  imageId: String(index),
  rows: 512,
  columns: 512,
  metadata: {},
})) as unknown as SeriesImage[];

/** A queue whose images come when the test says so. */
function desk() {
  const loads = new Map<string, { done: () => void; fail: (error: Error) => void }>();
  const loaded = new Set<string>();
  const [asked, aborted, shown, failed]: [string[], string[], number[], number[]] = [[], [], [], []];
  const queue = new ImageQueue(
    images,
    {
      isLoaded: (imageId) => loaded.has(imageId),
      load: (imageId, signal) => {
        if (loaded.has(imageId)) return Promise.resolve();
        asked.push(imageId);
        return new Promise((resolve, reject) => {
          signal.addEventListener("abort", () => {
            aborted.push(imageId);
            reject(signal.reason as Error);
          });
          loads.set(imageId, {
            done: () => {
              loaded.add(imageId);
              resolve();
            },
            fail: reject,
          });
        });
      },
    },
    {
      arrived: (index) => {
        shown.push(index);
        return Promise.resolve();
      },
      failed: (index) => failed.push(index),
    },
    () => 1,
  );
  const settle = async () => {
    for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
  };
  return { queue, loads, asked, aborted, shown, failed, settle };
}

test("of many asked for quickly those under way and the last are fetched, and the last is shown at the end", async () => {
  const { queue, loads, asked, shown, settle } = desk();
  for (let index = 0; index < 10; index += 1) void queue.show(index);
  expect(asked).toEqual(["0", "1"]);
  loads.get("0")?.done();
  await settle();
  expect(shown).toEqual([0]);
  expect(asked).toEqual(["0", "1", "9"]);
  loads.get("9")?.done();
  await settle();
  expect(shown).toEqual([0, 9]);
  queue.close();
});

test("what arrives behind what is shown ends, and is not shown", async () => {
  const { queue, loads, aborted, shown, settle } = desk();
  void queue.show(3);
  void queue.show(4);
  loads.get("4")?.done();
  await settle();
  expect(aborted).toEqual(["3"]);
  expect(shown).toEqual([4]);
  queue.close();
});

test("a failure is told of what was asked for last, not of what was passed", async () => {
  const { queue, loads, failed, settle } = desk();
  void queue.show(3);
  void queue.show(4);
  loads.get("3")?.fail(new Error("HTTP 404"));
  await settle();
  expect(failed).toEqual([]);
  loads.get("4")?.fail(new Error("HTTP 404"));
  await settle();
  expect(failed).toEqual([4]);
  queue.close();
});

test("what is fetched ahead gives way to the reader, and goes on afterwards around them", async () => {
  const { queue, loads, asked, aborted, settle } = desk();
  queue.fetchAhead(10);
  expect(asked).toEqual(["10", "9"]);
  void queue.show(2);
  expect(aborted).toEqual(["10", "9"]);
  loads.get("2")?.done();
  await settle();
  expect(asked.slice(2)).toEqual(["2", "1", "3"]);
  queue.close();
  expect(aborted).toEqual(["10", "9", "1", "3"]);
});

test("as much is fetched ahead as fits into a viewport's share of the memory", () => {
  const mebibyte = 1024 ** 2;
  expect(bytesFor(undefined)).toBe(512 * mebibyte);
  expect(bytesFor(0.25)).toBe(256 * mebibyte);
  expect(imagesAhead(images, 1, 8 * mebibyte)).toBe(16);
  expect(imagesAhead(images, 4, 8 * mebibyte)).toBe(4);
  expect(imagesAhead(images, 100, 8 * mebibyte)).toBe(1);
  expect(fetchOrder(6, 2, 4)).toEqual([2, 1, 3, 0]);
});
