import { expect, test } from "vitest";
import { outline, type Annotation, type MeasuringTool } from "./annotation.js";
import { measure, type MeasuredImage } from "./measure.js";
import type { Point } from "./screen-map.js";

const draw = (tool: MeasuringTool, ...points: Point[]): Annotation => ({ id: 1, imageId: "", tool, points });
/** Ten by ten: the value is a thousandfold row and the column. */
const image: MeasuredImage = {
  spacing: { rowMm: 2, columnMm: 0.5, atDetector: false },
  valueUnit: "HU",
  values: { rows: 10, columns: 10, valueAt: (column, row) => row * 1_000 + column },
};
const unscaled: MeasuredImage = { ...image, spacing: undefined, valueUnit: "" };

test("a length is in millimetres along each direction's own spacing, or in pixels", () => {
  expect(measure(draw("length", [0, 0], [6, 2]), image)).toEqual({
    kind: "length",
    value: 5,
    unit: "mm",
    atDetector: false,
  });
  expect(measure(draw("length", [0, 0], [3, 4]), unscaled)).toMatchObject({ value: 5, unit: "px" });
});

test("an angle is the patient's, not that of stretched pixels", () => {
  expect(measure(draw("angle", [4, 0], [0, 0], [4, 1]), image)).toMatchObject({ kind: "angle", degrees: 45 });
  expect(measure(draw("angle", [1, 0], [0, 0], [-1, 0]), image)).toMatchObject({ degrees: 180 });
});

test("a rectangle counts the pixels whose middle is inside", () => {
  const region = measure(draw("rectangle", [1, 2], [3, 4]), image);
  expect(region).toMatchObject({ kind: "region", area: 4, unit: "mm²", valueUnit: "HU" });
  expect(region?.kind === "region" && region.statistics).toMatchObject({
    pixels: 4,
    mean: (2_001 + 2_002 + 3_001 + 3_002) / 4,
    minimum: 2_001,
    maximum: 3_002,
  });
  const deviation = region?.kind === "region" ? region.statistics?.standardDeviation : undefined;
  expect(deviation).toBeCloseTo(Math.hypot(500, 0.5), 6);
});

test("an ellipse leaves out the corners, whichever way it was drawn", () => {
  const region = measure(draw("ellipse", [8, 8], [2, 2]), unscaled);
  expect(region).toMatchObject({ area: Math.PI * 9, unit: "px²" });
  expect(region?.kind === "region" && region.statistics?.pixels).toBe(32);
});

test("beyond the image's edge there are no pixels, and of colour no values", () => {
  expect(measure(draw("rectangle", [-5, -5], [1, 1]), image)).toMatchObject({ statistics: { pixels: 1 } });
  expect(measure(draw("rectangle", [-5, -5], [-1, -1]), image)).toMatchObject({ statistics: undefined });
  expect(measure(draw("probe", [-0.1, 3]), image)).toBeUndefined();
  const colour = { ...image, values: { rows: 10, columns: 10, valueAt: undefined } };
  expect(measure(draw("probe", [3.9, 0]), colour)).toMatchObject({ column: 4, row: 1, value: undefined });
});

test("what is not yet whole is not measured; an outline is closed", () => {
  expect(measure(draw("angle", [0, 0], [1, 1]), image)).toBeUndefined();
  const ellipse = outline(draw("ellipse", [0, 0], [4, 2]));
  expect(ellipse[0]?.[0]).toBeCloseTo(ellipse.at(-1)?.[0] ?? NaN);
  expect(outline(draw("rectangle", [0, 0], [4, 2]))).toHaveLength(5);
});
