import { expect, test } from "vitest";
import type { StoredEvent } from "../state/events.js";
import { EventFeed } from "./event-feed.js";

function feedOver(committed: Set<number>, now: () => number): EventFeed {
  const read = {
    eventsAfter: (after: number) =>
      Promise.resolve(
        [...committed]
          .filter((sequence) => sequence > after)
          .sort((a, b) => a - b)
          .map((sequence): StoredEvent => ({
            sequence,
            time: new Date(0),
            event: "series.stable",
            studyInstanceUid: "1.2",
          })),
      ),
  };
  return new EventFeed(read, 0, now);
}
const sequences = ({ events }: { events: StoredEvent[] }) => events.map(({ sequence }) => sequence);

test("an event that is committed after a later one is not passed by", async () => {
  const committed = new Set([1, 3]);
  const feed = feedOver(committed, () => 0);
  const first = await feed.next();
  expect(sequences(first)).toEqual([1]);
  expect(first.waiting).toBe(true);
  committed.add(2);
  expect(sequences(await feed.next())).toEqual([2, 3]);
});

test("a number that was rolled back holds the feed for two seconds, not for ever", async () => {
  let time = 0;
  const feed = feedOver(new Set([1, 3]), () => time);
  await feed.next();
  time = 1_999;
  expect(sequences(await feed.next())).toEqual([]);
  time = 2_000;
  expect(sequences(await feed.next())).toEqual([3]);
});
