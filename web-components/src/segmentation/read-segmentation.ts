import { parseDicom, type DataSet } from "dicom-parser";
import { vectorOf, type Vector } from "../imaging/vector.js";
import { srgbFromCielab } from "./cielab.js";

const SEGMENTATION_STORAGE = "1.2.840.10008.5.1.4.1.1.66.4";
const DEFAULT_COLOR = [230, 80, 60] as const;

export interface Segment {
  readonly number: number;
  readonly label: string;
  readonly colorRgb: readonly [number, number, number];
}

export interface FramePlane {
  readonly rowDirection: Vector | undefined;
  readonly columnDirection: Vector | undefined;
  /** Millimetres from row to row and from column to column. */
  readonly spacingMm: readonly [number, number] | undefined;
}

export interface SegmentationFrame {
  readonly segmentNumber: number;
  /** The image it was made from, when the SEG says so. */
  readonly sourceSopInstanceUid: string | undefined;
  /** From 1; undefined when the image has a single frame. */
  readonly sourceFrameNumber: number | undefined;
  readonly position: Vector | undefined;
  /** How its pixels lie, as far as the SEG says so; nothing for one that lies like its image. */
  readonly plane?: FramePlane;
  /** Rows × columns of 0 to 255: how much of the pixel is of the segment; 0 or 255 in a BINARY one. */
  coverage(): Uint8Array;
  /** The same of one pixel, by its place row by row. */
  coverageAt(pixel: number): number;
}

export interface Segmentation {
  readonly sopInstanceUid: string;
  readonly rows: number;
  readonly columns: number;
  readonly segments: readonly Segment[];
  readonly frames: readonly SegmentationFrame[];
}

/** A SEG that cannot be shown, with the reason. */
export class SegmentationUnreadable extends Error {
  override readonly name = "SegmentationUnreadable";
  constructor(
    message: string,
    /** For a reader's language. */
    readonly reason: "not-a-segmentation" | "type" | "pixels" | "not-editable" = "not-editable",
  ) {
    super(message);
  }
}

/**
 * Reads a DICOM Segmentation (PS3.3 A.51), BINARY or FRACTIONAL. Its own small reader: the adapters of cornerstone need `unsafe-eval`.
 * @throws SegmentationUnreadable
 */
export function readSegmentation(file: Uint8Array): Segmentation {
  const dataSet = parseDicom(file);
  if (dataSet.string("x00080016") !== SEGMENTATION_STORAGE)
    throw new SegmentationUnreadable("it is not a DICOM Segmentation", "not-a-segmentation");
  const type = dataSet.string("x00620001");
  if (type !== "BINARY" && type !== "FRACTIONAL")
    throw new SegmentationUnreadable("only BINARY and FRACTIONAL segmentations are shown", "type");
  const rows = dataSet.uint16("x00280010") ?? 0;
  const columns = dataSet.uint16("x00280011") ?? 0;
  const pixels = dataSet.elements["x7fe00010"];
  const items = itemsOf(dataSet, "x52009230");
  if (pixels === undefined || rows === 0 || columns === 0 || pixels.encapsulatedPixelData) {
    throw new SegmentationUnreadable("its pixel data is missing or compressed", "pixels");
  }
  const samples = file.subarray(pixels.dataOffset, pixels.dataOffset + pixels.length);
  const bitsPerPixel = type === "BINARY" ? 1 : 8;
  if (samples.byteLength * 8 < items.length * rows * columns * bitsPerPixel)
    throw new SegmentationUnreadable("its pixel data is cut off", "pixels");
  const valueAt =
    type === "BINARY" ? bitOf(samples) : fractionOf(samples, dataSet.uint16("x0062000e") ?? 255);
  const perFrame = rows * columns;
  const shared = itemsOf(dataSet, "x52009229")[0];
  return {
    sopInstanceUid: dataSet.string("x00080018") ?? "",
    rows,
    columns,
    segments: itemsOf(dataSet, "x00620002").map(segmentOf),
    frames: items.map((groups, index) => ({
      ...describe(groups, shared),
      coverage: () => {
        const all = new Uint8Array(perFrame);
        for (let pixel = 0; pixel < perFrame; pixel += 1) all[pixel] = valueAt(index * perFrame + pixel);
        return all;
      },
      coverageAt: (pixel) => valueAt(index * perFrame + pixel),
    })),
  };
}

/** The frames that lie on an image: those made from it, else those at its position. Never by their order. */
export function framesOnImage(
  { frames }: Segmentation,
  image: {
    readonly sopInstanceUid: string;
    /** From 1. */
    readonly frameNumber: number;
    readonly position: Vector | undefined;
  },
): SegmentationFrame[] {
  return frames.filter(({ sourceSopInstanceUid, sourceFrameNumber, position }) => {
    if (sourceSopInstanceUid !== undefined)
      return sourceSopInstanceUid === image.sopInstanceUid && (sourceFrameNumber ?? 1) === image.frameNumber;
    return (
      position !== undefined && image.position !== undefined && distance(position, image.position) < 0.01
    );
  });
}

function segmentOf(item: DataSet): Segment {
  const lab = [0, 1, 2].map((index) => item.uint16("x0062000d", index));
  return {
    number: item.uint16("x00620004") ?? 0,
    // The label is UTF-8 or a subset of it in everything this program writes.
    label: utf8(item, "x00620005"),
    colorRgb: lab.every((value) => value !== undefined) ? srgbFromCielab(lab) : DEFAULT_COLOR,
  };
}

/** Functional groups of a frame; what all frames share stands in the shared groups (PS3.3 C.7.6.16). */
function describe(groups: DataSet, shared: DataSet | undefined) {
  const group = (tag: string) => itemsOf(groups, tag)[0] ?? (shared && itemsOf(shared, tag)[0]);
  const identification = group("x0062000a");
  const derivation = group("x00089124");
  const source = derivation && itemsOf(derivation, "x00082112")[0];
  const position = group("x00209113")?.string("x00200032");
  const orientation = numbersOf(group("x00209116")?.string("x00200037"));
  const [rowMm, columnMm] = numbersOf(group("x00289110")?.string("x00280030")) ?? [];
  return {
    segmentNumber: identification?.uint16("x0062000b") ?? 0,
    sourceSopInstanceUid: source?.string("x00081155"),
    sourceFrameNumber: source?.intString("x00081160"),
    position: vectorOf(numbersOf(position)),
    plane: {
      rowDirection: vectorOf(orientation?.slice(0, 3)),
      columnDirection: vectorOf(orientation?.slice(3, 6)),
      spacingMm: rowMm === undefined || columnMm === undefined ? undefined : ([rowMm, columnMm] as const),
    },
  };
}

/** The values of a Decimal String. */
function numbersOf(text: string | undefined): number[] | undefined {
  return text?.split("\\").map(Number);
}

function itemsOf(dataSet: DataSet, tag: string): DataSet[] {
  return (
    dataSet.elements[tag]?.items?.flatMap(({ dataSet: item }) => (item === undefined ? [] : [item])) ?? []
  );
}

function utf8(dataSet: DataSet, tag: string): string {
  const element = dataSet.elements[tag];
  if (element === undefined) return "";
  const bytes = dataSet.byteArray.slice(element.dataOffset, element.dataOffset + element.length);
  return new TextDecoder().decode(Uint8Array.from(bytes)).trim();
}

/** The pixels of all frames are one continuous stream of bits, the first in the lowest bit (PS3.5 8.1.1). */
function bitOf(bits: Uint8Array) {
  return (pixel: number): number => (((bits[pixel >> 3] ?? 0) >> (pixel & 7)) & 1 ? 255 : 0);
}

/** Bytes, of which Maximum Fractional Value (0062,000E) is all of a pixel. */
function fractionOf(samples: Uint8Array, maximum: number) {
  return (pixel: number): number => Math.min(255, Math.round(((samples[pixel] ?? 0) * 255) / maximum));
}

function distance(a: Vector, b: Vector): number {
  return Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);
}
