import { expect, test } from "vitest";
import { pixelSpacing } from "./pixel-spacing.js";
import { valueUnit } from "./pixel-values.js";

const values = (vr: string, ...Value: unknown[]) => ({ vr, Value });

test("millimetres are known from Pixel Spacing, at the detector from Imager Pixel Spacing, else not at all", () => {
  expect(pixelSpacing({ "00280030": values("DS", 0.5, 0.7) })).toEqual({
    rowMm: 0.5,
    columnMm: 0.7,
    atDetector: false,
  });
  expect(pixelSpacing({ "00181164": values("DS", 0.15, 0.15) })?.atDetector).toBe(true);
  expect(pixelSpacing({})).toBeUndefined();
  expect(pixelSpacing({ "00280030": values("DS", 0, 0) })).toBeUndefined();
});

test("Pixel Spacing that repeats the detector's is the detector's, unless it was calibrated", () => {
  const both = { "00280030": values("DS", 0.2, 0.2), "00181164": values("DS", 0.2, 0.2) };
  expect(pixelSpacing(both)?.atDetector).toBe(true);
  expect(pixelSpacing({ ...both, "00280A02": values("CS", "FIDUCIAL") })?.atDetector).toBe(false);
});

test("an Enhanced frame has the spacing of its own functional group", () => {
  expect(pixelSpacing({}, { "00280030": values("DS", 1, 2) })).toMatchObject({ rowMm: 1, columnMm: 2 });
});

test("only a CT with a rescale is in HU", () => {
  const rescale = { "00281053": values("DS", 1), "00281052": values("DS", -1024) };
  const ct = { "00080060": values("CS", "CT") };
  expect(valueUnit({ ...ct, ...rescale })).toBe("HU");
  expect(valueUnit(ct)).toBe("");
  expect(valueUnit({ ...ct, ...rescale, "00281054": values("LO", "US") })).toBe("");
  expect(valueUnit({ "00080060": values("CS", "MR"), ...rescale })).toBe("");
  expect(valueUnit({ "00080060": values("CS", "PT"), "00541001": values("CS", "BQML") })).toBe("BQML");
});
