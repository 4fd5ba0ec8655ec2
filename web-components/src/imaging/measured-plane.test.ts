import { describe, expect, test } from "vitest";
import type { Annotation } from "./annotation.js";
import { planeId, planeOf } from "./measured-plane.js";
import { PLANES } from "./reslice.js";

const [axial, sagittal] = PLANES;
const on = (imageId: string): Annotation => ({ id: 1, imageId, tool: "length", points: [] });

describe("what a measurement of a reformatted plane belongs to", () => {
  test("says series, plane and depth", () => {
    const plane = {
      seriesInstanceUid: "1.2.3",
      view: sagittal,
      depthMm: -12.345678,
      millimetresPerPixel: 0.4883,
    };
    expect(planeOf(planeId(plane, []))).toEqual(plane);
  });

  test("is the same after steps away and back, and another one slice, view or series further", () => {
    const plane = { seriesInstanceUid: "1.2.3", view: axial, depthMm: 13.125, millimetresPerPixel: 1 };
    const id = planeId(plane, []);
    const drawn = [on("1.2.3.4:1"), on(id)];
    expect(planeId({ ...plane, depthMm: 13.125 - 1e-9 }, drawn)).toBe(id);
    expect(planeId({ ...plane, depthMm: 13.2 }, drawn)).not.toBe(id);
    expect(planeId({ ...plane, view: sagittal }, drawn)).not.toBe(id);
    expect(planeId({ ...plane, seriesInstanceUid: "1.2.4" }, drawn)).not.toBe(id);
  });

  test("is no image's id", () => {
    expect(planeOf("1.2.840.1:3")).toBeUndefined();
    expect(planeOf("wadors:https://h/dicom-web/studies/1/series/2/instances/3/frames/1")).toBeUndefined();
  });
});
