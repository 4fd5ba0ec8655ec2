import { describe, expect, test } from "vitest";
import type { NetworkOutput } from "./model-manifest.js";
import { planesOf } from "./output-planes.js";

const output = (change: object): NetworkOutput =>
  ({ name: "out", channels: 2, range: [0, 100], meaning: ["a", "b"], ...change }) as unknown as NetworkOutput;
const count = (length: number) => Float32Array.from({ length }, (_, at) => at);

describe("an output as planes", () => {
  test("with channels last is cut plane by plane", () => {
    const planes = planesOf(output({ kind: "per-pixel", layout: "NHWC" }), count(24), [2, 2, 3, 2], {
      planes: 2,
      rows: 2,
      columns: 3,
    });
    expect(planes.map((plane) => [...plane])).toEqual([[...count(12)], [...count(24)].slice(12)]);
  });

  test("with channels first has the channels of a pixel put together", () => {
    const size = { planes: 2, rows: 1, columns: 3 };
    const planes = planesOf(output({ kind: "per-pixel", layout: "NCHW" }), count(12), [2, 2, 1, 3], size);
    expect(planes.map((plane) => [...plane])).toEqual([
      [0, 3, 1, 4, 2, 5],
      [6, 9, 7, 10, 8, 11],
    ]);
  });

  test("of a map is smaller by its stride, of a vector has its channels only", () => {
    const size = { planes: 1, rows: 32, columns: 48 };
    const map = output({ kind: "map", layout: "NHWC", stride: 16 });
    expect(planesOf(map, count(12), [1, 2, 3, 2], size)[0]).toHaveLength(12);
    expect(planesOf(output({ kind: "vector", layout: "NC" }), count(2), [1, 2], size)[0]).toHaveLength(2);
  });

  test.each([
    ["another shape", count(4), [1, 4]],
    ["fewer values than its shape says", count(1), [1, 2]],
    ["a value that is none", Float32Array.of(1, NaN), [1, 2]],
    ["a value below the range", Float32Array.of(1, -0.1), [1, 2]],
    ["a value above the range", Float32Array.of(1, 100.5), [1, 2]],
  ])("is refused for %s", (_, values, shape) => {
    const size = { planes: 1, rows: 1, columns: 1 };
    const vector = output({ kind: "vector", layout: "NC" });
    expect(() => planesOf(vector, values, shape, size)).toThrow(
      expect.objectContaining({ code: "model-output-invalid", retryable: false }),
    );
  });
});
