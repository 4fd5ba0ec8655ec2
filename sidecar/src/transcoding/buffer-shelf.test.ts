import { expect, test } from "vitest";
import { BufferShelf } from "./buffer-shelf.js";

test("room that was given back is used again, by what fits into it", () => {
  const shelf = new BufferShelf();
  const first = shelf.take(500_000);
  shelf.give(first);
  expect(shelf.take(400_000).buffer).toBe(first.buffer);
  expect(shelf.take(400_000).buffer).not.toBe(first.buffer);
});

test("room is never lent twice, nor a large one to something small", () => {
  const shelf = new BufferShelf();
  const large = shelf.take(10_000_000);
  shelf.give(large);
  shelf.give(large);
  expect(shelf.take(100).buffer).not.toBe(large.buffer);
  expect(shelf.take(9_000_000).buffer).toBe(large.buffer);
  expect(shelf.take(9_000_000).buffer).not.toBe(large.buffer);
});

test("only so much is kept", () => {
  const shelf = new BufferShelf();
  const [one, two] = [shelf.take(20_000_000), shelf.take(20_000_000)];
  shelf.give(one);
  shelf.give(two);
  expect(shelf.take(20_000_000).buffer).toBe(one.buffer);
  expect(shelf.take(20_000_000).buffer).not.toBe(two.buffer);
});
