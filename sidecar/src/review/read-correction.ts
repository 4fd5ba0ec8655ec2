import dicomParser, { type DataSet as ParsedDataSet } from "dicom-parser";
import { TRANSFER_SYNTAX } from "../dicom/transfer-syntax.js";
import type { SegmentManifest } from "../inference/model-manifest.js";
import { minus, norm, vectorAt } from "../inference/vector.js";
import type { VolumeGeometry } from "../inference/volume.js";
import { SEGMENTATION_STORAGE, type SegmentAlgorithmType } from "../segmentation/segment.js";

/** A label map as a person corrected it. */
export interface CorrectedLabels {
  /** On the source's grid, in the order of its slices: rows × columns Segment Numbers, 0 for none. */
  readonly labels: readonly Uint8Array[];
  readonly algorithmTypes: ReadonlyMap<number, SegmentAlgorithmType>;
}

/** The segmentation that was sent does not belong to the result, or cannot be read in one way only. */
export class CorrectionError extends Error {
  override readonly name = "CorrectionError";
  readonly retryable = false;
  constructor(
    readonly code:
      | "segmentation-unreadable"
      | "segmentation-of-another"
      | "segmentation-geometry"
      | "segmentation-segments",
    message: string,
  ) {
    super(message);
  }
}

export interface CorrectionOf {
  readonly patientId: string;
  readonly studyInstanceUid: string;
  readonly seriesInstanceUid: string;
  readonly geometry: VolumeGeometry;
  /** Of the model, numbered 1, 2, 3 … */
  readonly segments: readonly Pick<SegmentManifest, "type">[];
}

const POSITION_TOLERANCE_MM = 0.1;
const DIRECTION_TOLERANCE = 1e-3;
const SPACING_TOLERANCE = 1e-3;
const READABLE: ReadonlySet<string | undefined> = new Set([
  TRANSFER_SYNTAX.ExplicitVRLittleEndian,
  TRANSFER_SYNTAX.ImplicitVRLittleEndian,
]);

/**
 * Reads a BINARY segmentation (PS3.3 A.51) that is to take the place of a model's: of the same patient, study, frame
 * of reference and source series, on the grid of the images, with segments of the model that do not overlap.
 * @param file a Part 10 file, uncompressed
 * @throws CorrectionError with what does not fit; nothing is resampled or guessed
 */
export function readCorrection(file: Uint8Array, of: CorrectionOf): CorrectedLabels {
  const dataSet = parsed(file);
  assertSameSubject(dataSet, of);
  const { geometry } = of;
  const { rows, columns } = geometry;
  if (dataSet.uint16("x00280010") !== rows || dataSet.uint16("x00280011") !== columns)
    throw geometryError("it has other rows or columns than the images");
  const algorithmTypes = segmentsIn(dataSet, of.segments);
  const frames = dataSet.elements["x52009230"]?.items ?? [];
  const pixelData = dataSet.elements["x7fe00010"];
  const pixels = rows * columns;
  if (frames.length === 0 || pixelData === undefined || frames.length * pixels > pixelData.length * 8)
    throw new CorrectionError("segmentation-unreadable", "it has no frames, or fewer pixels than frames");
  const shared = itemOf(dataSet, "x52009229");
  const labels = geometry.slices.map(() => new Uint8Array(pixels));
  frames.forEach(({ dataSet: groups }, index) => {
    const slice = sliceOf(groups, shared, geometry);
    const number = itemOf(groups, "x0062000a")?.uint16("x0062000b") ?? 0;
    if (!algorithmTypes.has(number))
      throw new CorrectionError("segmentation-segments", "a frame is of a segment that is not described");
    const plane = labels[slice];
    for (let at = 0; at < pixels; at++) {
      const bit = index * pixels + at;
      if ((((file[pixelData.dataOffset + (bit >> 3)] ?? 0) >> (bit & 7)) & 1) === 0) continue;
      if (plane === undefined || (plane[at] !== 0 && plane[at] !== number))
        throw new CorrectionError("segmentation-segments", "its segments overlap");
      plane[at] = number;
    }
  });
  if (labels.every((plane) => plane.every((label) => label === 0)))
    throw new CorrectionError("segmentation-segments", "nothing is segmented: reject the result instead");
  return { labels, algorithmTypes };
}

function parsed(file: Uint8Array): ParsedDataSet {
  let dataSet: ParsedDataSet;
  try {
    dataSet = dicomParser.parseDicom(file);
  } catch {
    throw new CorrectionError("segmentation-unreadable", "it is no DICOM file");
  }
  if (!READABLE.has(dataSet.string("x00020010")))
    throw new CorrectionError(
      "segmentation-unreadable",
      "its transfer syntax is not uncompressed little endian",
    );
  if (dataSet.string("x00080016") !== SEGMENTATION_STORAGE || dataSet.string("x00620001") !== "BINARY")
    throw new CorrectionError("segmentation-unreadable", "it is no BINARY segmentation");
  if (dataSet.uint16("x00280100") !== 1)
    throw new CorrectionError("segmentation-unreadable", "its pixels are not of one bit");
  return dataSet;
}

function assertSameSubject(dataSet: ParsedDataSet, of: CorrectionOf): void {
  const other = (what: string) => new CorrectionError("segmentation-of-another", `it is of another ${what}`);
  // Patient IDs are compared byte by byte in UTF-8: another character set is another patient until it is shown not to be.
  const patientId = Buffer.from(dataSet.string("x00100020") ?? "", "latin1").toString("utf8");
  if (patientId.trim() !== of.patientId.trim()) throw other("patient");
  if (dataSet.string("x0020000d") !== of.studyInstanceUid) throw other("study");
  if (dataSet.string("x00200052") !== of.geometry.frameOfReferenceUid) throw other("frame of reference");
  const series = dataSet.elements["x00081115"]?.items ?? [];
  if (!series.some((item) => item.dataSet?.string("x0020000e") === of.seriesInstanceUid))
    throw other("series, or does not say of which");
}

/** What its segments are, by number: only such as the model has, under the same numbers. */
function segmentsIn(
  dataSet: ParsedDataSet,
  ofModel: CorrectionOf["segments"],
): Map<number, SegmentAlgorithmType> {
  const types = new Map<number, SegmentAlgorithmType>();
  for (const { dataSet: item } of dataSet.elements["x00620002"]?.items ?? []) {
    const number = item?.uint16("x00620004") ?? 0;
    const expected = ofModel[number - 1]?.type;
    const type = itemOf(item, "x0062000f");
    if (
      expected === undefined ||
      type?.string("x00080100") !== expected.value ||
      type.string("x00080102") !== expected.scheme
    )
      throw new CorrectionError("segmentation-segments", `segment ${number} is none of the model's`);
    types.set(number, item?.string("x00620008") === "MANUAL" ? "MANUAL" : "SEMIAUTOMATIC");
  }
  return types;
}

/** Which slice a frame lies on. */
function sliceOf(
  groups: ParsedDataSet | undefined,
  shared: ParsedDataSet | undefined,
  geometry: VolumeGeometry,
): number {
  const group = (tag: string) => itemOf(groups, tag) ?? itemOf(shared, tag);
  const orientation = numbersOf(group("x00209116"), "x00200037");
  const expected = [...geometry.rowDirection, ...geometry.columnDirection];
  if (
    orientation.length !== 6 ||
    orientation.some((value, at) => Math.abs(value - (expected[at] ?? 9)) > DIRECTION_TOLERANCE)
  )
    throw geometryError("it is turned against the images");
  const spacing = numbersOf(group("x00289110"), "x00280030");
  const wanted = [geometry.rowSpacingMm, geometry.columnSpacingMm];
  if (
    spacing.length !== 2 ||
    spacing.some((value, at) => Math.abs(value / (wanted[at] ?? 0) - 1) > SPACING_TOLERANCE)
  )
    throw geometryError("its pixels have another spacing than those of the images");
  const position = vectorAt(numbersOf(group("x00209113"), "x00200032"), 0);
  const slice =
    position === undefined
      ? -1
      : geometry.slices.findIndex(
          ({ positionMm }) => norm(minus(positionMm, position)) <= POSITION_TOLERANCE_MM,
        );
  if (slice < 0) throw geometryError("a frame does not lie on any of the images");
  return slice;
}

function geometryError(message: string): CorrectionError {
  return new CorrectionError("segmentation-geometry", message);
}

function itemOf(dataSet: ParsedDataSet | undefined, tag: string): ParsedDataSet | undefined {
  return dataSet?.elements[tag]?.items?.[0]?.dataSet;
}

function numbersOf(dataSet: ParsedDataSet | undefined, tag: string): number[] {
  return (dataSet?.string(tag) ?? "")
    .split("\\")
    .filter((text) => text.trim() !== "")
    .map(Number);
}
