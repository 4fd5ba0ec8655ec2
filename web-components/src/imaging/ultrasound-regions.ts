import { itemsOf, numbersOf, type DicomJson } from "./dicom-json.js";
import type { PixelSpacing } from "./pixel-spacing.js";
import type { Point } from "./point.js";

/** Values of PS3.3 C.8.5.5.1. */
const TWO_DIMENSIONAL = 1;
const TISSUE = 1;
const COLOUR_FLOW = 2;
const CENTIMETRES = 3;
const MM_PER_CM = 10;

/** A part of an ultrasound image with a scale of its own, or with none in millimetres: a trace, a spectrum, a bar. */
export interface UltrasoundRegion {
  /** Columns and rows, from the outer corner of the image's first pixel to the outer corner of the region's last one. */
  readonly from: Point;
  readonly to: Point;
  readonly isTissue: boolean;
  /** Undefined where it is no picture of the patient's plane in centimetres. */
  readonly spacing: PixelSpacing | undefined;
}

/** Sequence of Ultrasound Regions (0018,6011); undefined of an image that has none. */
export function ultrasoundRegions(metadata: DicomJson): readonly UltrasoundRegion[] | undefined {
  const items = itemsOf(metadata, "00186011");
  return items.length === 0 ? undefined : items.map(regionOf);
}

/**
 * The spacing by which something is measured on an image with regions: that of the tissue in which all of it lies.
 * Nothing when it lies in none or also in a region with another scale: which of them is meant is not known.
 *
 * @param points whose bounding box holds all that is measured
 */
export function regionSpacing(
  points: readonly Point[],
  regions: readonly UltrasoundRegion[],
): PixelSpacing | undefined {
  const least = (axis: 0 | 1) => Math.min(...points.map((point) => point[axis]));
  const most = (axis: 0 | 1) => Math.max(...points.map((point) => point[axis]));
  const [left, top, right, bottom] = [least(0), least(1), most(0), most(1)];
  const around = regions.find(
    ({ isTissue, spacing, from, to }) =>
      isTissue &&
      spacing !== undefined &&
      from[0] <= left &&
      from[1] <= top &&
      right <= to[0] &&
      bottom <= to[1],
  );
  // Written so that a region whose place is not known (NaN) is in the way.
  const touched = regions.filter(
    ({ from, to }) => !(to[0] <= left || right <= from[0] || to[1] <= top || bottom <= from[1]),
  );
  return touched.every((region) => isSameScale(region.spacing, around?.spacing))
    ? around?.spacing
    : undefined;
}

function regionOf(item: DicomJson): UltrasoundRegion {
  const number = (tag: string) => numbersOf(item, tag)?.[0] ?? NaN;
  const [format, dataType] = [number("00186012"), number("00186014")];
  const isPlane =
    format === TWO_DIMENSIONAL &&
    (dataType === TISSUE || dataType === COLOUR_FLOW) &&
    number("00186024") === CENTIMETRES &&
    number("00186026") === CENTIMETRES;
  // Negative where the values grow to the left or upwards.
  const columnMm = Math.abs(number("0018602C")) * MM_PER_CM;
  const rowMm = Math.abs(number("0018602E")) * MM_PER_CM;
  const isKnown = columnMm > 0 && rowMm > 0 && Number.isFinite(columnMm * rowMm);
  return {
    from: [number("00186018"), number("0018601A")],
    to: [number("0018601C") + 1, number("0018601E") + 1],
    isTissue: dataType === TISSUE,
    spacing: isPlane && isKnown ? { columnMm, rowMm, atDetector: false } : undefined,
  };
}

function isSameScale(one: PixelSpacing | undefined, other: PixelSpacing | undefined): boolean {
  return one !== undefined && one.columnMm === other?.columnMm && one.rowMm === other.rowMm;
}
