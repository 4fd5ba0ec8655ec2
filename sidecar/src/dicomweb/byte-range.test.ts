import { expect, test } from "vitest";
import { readByteRange } from "./byte-range.js";

test.each([
  ["bytes=0-9", { first: 0, last: 9 }],
  ["bytes=90-", { first: 90, last: 99 }],
  ["bytes=-10", { first: 90, last: 99 }],
  ["bytes=-1000", { first: 0, last: 99 }],
  ["bytes=10-100000", { first: 10, last: 99 }],
  ["Bytes = 5 - 6", { first: 5, last: 6 }],
  ["bytes=100-", "unsatisfiable"],
  ["bytes=-0", "unsatisfiable"],
  ["bytes=9-1", undefined],
  ["bytes=0-1,5-6", undefined],
  ["bytes=-", undefined],
  ["bytes=a-b", undefined],
  ["items=0-1", undefined],
  [undefined, undefined],
])("Range: %s of a hundred bytes", (header, expected) => {
  expect(readByteRange(header, 100)).toEqual(expected);
});
