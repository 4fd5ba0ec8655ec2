import { axialView } from "./axial-view.js";
import type { Model } from "./model-registry.js";
import type { VolumeGeometry } from "./volume.js";

interface LimitsMm {
  readonly minimum?: number | undefined;
  readonly maximum?: number | undefined;
}

/** Scanners and archives round spacings to some digits. */
const ROUNDING_MM = 1e-3;

/** Whether the model can look at this volume; if not, why. */
export function suits(
  { manifest: { appliesTo, preprocessing } }: Model,
  geometry: VolumeGeometry,
): { code: string; reason: string } | undefined {
  const { slices, rowSpacingMm, columnSpacingMm, sliceSpacingMm } = geometry;
  if (slices.length < appliesTo.minimumSlices) {
    return {
      code: "too-few-slices",
      reason: `the model needs ${appliesTo.minimumSlices} slices, there are ${slices.length}`,
    };
  }
  if (axialView(geometry) === undefined)
    return { code: "plane-unsuitable", reason: "the model looks at axial slices, these are not" };
  for (const pixelSpacingMm of [rowSpacingMm, columnSpacingMm]) {
    if (!within(pixelSpacingMm, appliesTo.pixelSpacingMm))
      return {
        code: "spacing-unsuitable",
        reason: `the pixels are ${pixelSpacingMm.toFixed(3)} mm apart, the model takes ${inWords(appliesTo.pixelSpacingMm)}`,
      };
  }
  if (!within(sliceSpacingMm, appliesTo.sliceSpacingMm))
    return {
      code: "spacing-unsuitable",
      reason: `the slices are ${sliceSpacingMm.toFixed(3)} mm apart, the model takes ${inWords(appliesTo.sliceSpacingMm)}`,
    };
  if (preprocessing.units === "HU" && geometry.units !== "HU")
    return {
      code: "units-unsuitable",
      reason: "the model takes Hounsfield units, the images are in others",
    };
  return undefined;
}

function within(value: number, { minimum = 0, maximum = Infinity }: LimitsMm = {}): boolean {
  return value >= minimum - ROUNDING_MM && value <= maximum + ROUNDING_MM;
}

function inWords({ minimum = 0, maximum }: LimitsMm = {}): string {
  return maximum === undefined ? `${minimum} mm or more` : `${minimum} to ${maximum} mm`;
}
