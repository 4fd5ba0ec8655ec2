import dicomParser, { type DataSet as ParsedDataSet } from "dicom-parser";

/** Where one segment is in one source image, or in one of its frames. */
export interface SegmentMask {
  readonly segmentNumber: number;
  readonly sourceSopInstanceUid: string;
  /** From 0. */
  readonly sourceFrameIndex: number;
  readonly rows: number;
  readonly columns: number;
  readonly pixelCount: number;
  /** 1 where the segment is, row by row. */
  readonly pixels: Uint8Array;
}

/**
 * The frames of a BINARY segmentation in Explicit VR Little Endian, as segmentation/ writes it (PS3.3 C.8.20.2,
 * PS3.5 8.1.1): one bit for each pixel, frames directly after each other.
 * @returns [] for anything else
 */
export function segmentMasks(file: Uint8Array): SegmentMask[] {
  let dataSet: ParsedDataSet;
  try {
    dataSet = dicomParser.parseDicom(file);
  } catch {
    return [];
  }
  const rows = dataSet.uint16("x00280010") ?? 0;
  const columns = dataSet.uint16("x00280011") ?? 0;
  const pixelData = dataSet.elements["x7fe00010"];
  const frames = dataSet.elements["x52009230"]?.items ?? [];
  if (
    dataSet.uint16("x00280100") !== 1 ||
    pixelData === undefined ||
    pixelData.encapsulatedPixelData === true
  )
    return [];
  const pixelsPerFrame = rows * columns;
  if (pixelsPerFrame === 0 || frames.length * pixelsPerFrame > pixelData.length * 8) return [];
  return frames.flatMap(({ dataSet: groups }, index): SegmentMask[] => {
    const derivation = itemOf(groups, "x00089124");
    const source = itemOf(derivation, "x00082112");
    const sourceSopInstanceUid = source?.string("x00081155");
    const segmentNumber = itemOf(groups, "x0062000a")?.uint16("x0062000b");
    if (sourceSopInstanceUid === undefined || segmentNumber === undefined) return [];
    const pixels = unpack(file, pixelData.dataOffset, index * pixelsPerFrame, pixelsPerFrame);
    const pixelCount = pixels.reduce((sum, pixel) => sum + pixel, 0);
    const sourceFrameIndex = (source?.intString("x00081160") ?? 1) - 1;
    return [{ segmentNumber, sourceSopInstanceUid, sourceFrameIndex, rows, columns, pixelCount, pixels }];
  });
}

function itemOf(dataSet: ParsedDataSet | undefined, tag: string): ParsedDataSet | undefined {
  return dataSet?.elements[tag]?.items?.[0]?.dataSet;
}

function unpack(file: Uint8Array, offset: number, firstBit: number, count: number): Uint8Array {
  const pixels = new Uint8Array(count);
  for (let index = 0; index < count; index += 1) {
    const bit = firstBit + index;
    pixels[index] = ((file[offset + (bit >> 3)] ?? 0) >> (bit & 7)) & 1;
  }
  return pixels;
}
