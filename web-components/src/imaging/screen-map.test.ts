import { expect, test } from "vitest";
import { ScreenMap } from "./screen-map.js";

const axial = { rowDirection: [1, 0, 0], columnDirection: [0, 1, 0], spacing: undefined } as const;
const upright = { topLeft: [10, 20], topRight: [110, 20], bottomLeft: [10, 220] } as const;
/** The same turned clockwise: its left edge is on top. */
const turned = { topLeft: [210, 20], topRight: [210, 120], bottomLeft: [10, 20] } as const;

test("points go to the screen and back, upright and turned", () => {
  for (const corners of [upright, turned]) {
    const map = new ScreenMap(corners, 40, 50);
    const [column, row] = map.toImage(map.toScreen([12.5, 33]));
    expect(column).toBeCloseTo(12.5);
    expect(row).toBeCloseTo(33);
  }
  expect(new ScreenMap(upright, 40, 50).toScreen([50, 40])).toEqual([110, 220]);
  expect(new ScreenMap(turned, 40, 50).toScreen([50, 0])).toEqual([210, 120]);
});

test("directions follow the image as it lies on the screen", () => {
  const { right, up } = new ScreenMap(upright, 40, 50).directions(axial) ?? {};
  expect(right?.map(Math.round)).toEqual([1, 0, 0]);
  expect(up?.map(Math.round)).toEqual([0, -1, 0]);
  const clockwise = new ScreenMap(turned, 40, 50).directions(axial);
  expect(clockwise?.right[1]).toBeCloseTo(-1);
  expect(clockwise?.up[0]).toBeCloseTo(-1);
});

test("an image that does not say how it lies has no directions", () => {
  const map = new ScreenMap(upright, 40, 50);
  expect(
    map.directions({ rowDirection: undefined, columnDirection: undefined, spacing: undefined }),
  ).toBeUndefined();
});
