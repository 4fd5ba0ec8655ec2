import type { DataSet } from "../dicom/data-set.js";
import type { PixelFormat } from "../dicom/frame.js";
import { TAG } from "../dicom/tag.js";
import { TRANSFER_SYNTAX, compressionOf, isNativeLittleEndian } from "../dicom/transfer-syntax.js";

/** Where a frame's samples come from: the stored bytes, the archive's decoder, or the JPEG 2000 codec here. */
export type FrameSource = "native" | "archive" | "jpeg2000";

/** Why an instance cannot be rendered, told apart for those who count; the sentence beside it is for a person. */
export type NotRenderableCode =
  | "no-pixel-data"
  | "floating-point-pixels"
  | "lossy-compression"
  | "video"
  | "htj2k-already"
  | "unknown-transfer-syntax"
  | "image-pixel-attributes"
  | "colour"
  | "signed-8-bit";

export type Renderability =
  | {
      readonly renderable: true;
      readonly format: PixelFormat;
      readonly numberOfFrames: number;
      readonly source: FrameSource;
    }
  | { readonly renderable: false; readonly code: NotRenderableCode; readonly reason: string };

const no = (code: NotRenderableCode, reason: string): Renderability => ({ renderable: false, code, reason });

/**
 * Whether a lossless HTJ2K rendition of an instance can be made that every decoder shows alike, and if not why.
 * What the codec cannot do right (facts: signed 8-bit, 16-bit RGB, RGB without colour transform) is refused here:
 * its own decoder would call the result correct.
 */
export function renderability(dataSet: DataSet, transferSyntaxUid: string): Renderability {
  if (!dataSet.has(TAG.PixelData)) {
    if (dataSet.has(TAG.FloatPixelData) || dataSet.has(TAG.DoubleFloatPixelData))
      return no("floating-point-pixels", "its pixels are floating-point numbers");
    return no("no-pixel-data", "it has no pixel data");
  }
  const compression = compressionOf(transferSyntaxUid);
  if (compression === "lossy")
    return no("lossy-compression", "it is already compressed with a lossy-capable transfer syntax");
  if (compression === "video") return no("video", "it is video");
  if (compression === "htj2k") return no("htj2k-already", "it is HTJ2K already");
  if (compression === "unknown")
    return no(
      "unknown-transfer-syntax",
      `its transfer syntax (${transferSyntaxUid || "not stated"}) is not known`,
    );
  return fromImagePixelModule(dataSet, transferSyntaxUid);
}

/** PS3.3 C.7.6.3. A missing attribute is never guessed. */
function fromImagePixelModule(dataSet: DataSet, transferSyntaxUid: string): Renderability {
  const rows = dataSet.number(TAG.Rows);
  const columns = dataSet.number(TAG.Columns);
  const bitsAllocated = dataSet.number(TAG.BitsAllocated);
  const bitsStored = dataSet.number(TAG.BitsStored);
  const samplesPerPixel = dataSet.number(TAG.SamplesPerPixel);
  const photometricInterpretation = dataSet.string(TAG.PhotometricInterpretation);
  const pixelRepresentation = dataSet.number(TAG.PixelRepresentation);
  const missing = Object.entries({
    rows,
    columns,
    bitsAllocated,
    bitsStored,
    samplesPerPixel,
    photometricInterpretation,
    pixelRepresentation,
  })
    .filter(([, value]) => value === undefined)
    .map(([name]) => name);
  if (
    rows === undefined ||
    columns === undefined ||
    bitsAllocated === undefined ||
    bitsStored === undefined ||
    samplesPerPixel === undefined ||
    photometricInterpretation === undefined ||
    pixelRepresentation === undefined
  ) {
    return no("image-pixel-attributes", `its data set does not say ${missing.join(", ")}`);
  }
  const numberOfFrames = dataSet.has(TAG.NumberOfFrames) ? dataSet.number(TAG.NumberOfFrames) : 1;
  if (!isCount(rows) || !isCount(columns) || numberOfFrames === undefined || !isCount(numberOfFrames)) {
    return no(
      "image-pixel-attributes",
      "its rows, columns or number of frames are not positive whole numbers",
    );
  }
  if (bitsAllocated !== 8 && bitsAllocated !== 16)
    return no("image-pixel-attributes", `it has ${bitsAllocated} bits allocated; 8 and 16 can be rendered`);
  if (bitsStored < 1 || bitsStored > bitsAllocated)
    return no("image-pixel-attributes", `it says ${bitsStored} bits stored in ${bitsAllocated} allocated`);
  const signed = pixelRepresentation === 1;
  const colour = colourReason(
    photometricInterpretation,
    samplesPerPixel,
    bitsAllocated,
    signed,
    transferSyntaxUid,
  );
  if (colour !== undefined) return no("colour", colour);
  if (signed && bitsAllocated === 8)
    return no("signed-8-bit", "it is signed 8-bit, which HTJ2K decoders read differently");
  const format = {
    rows,
    columns,
    samplesPerPixel,
    bitsAllocated,
    bitsStored,
    signed,
    photometricInterpretation,
  };
  return {
    renderable: true,
    format,
    numberOfFrames,
    source: sourceOf(dataSet, transferSyntaxUid, samplesPerPixel),
  };
}

function colourReason(
  photometric: string,
  samples: number,
  bitsAllocated: number,
  signed: boolean,
  transferSyntaxUid: string,
): string | undefined {
  if (photometric === "MONOCHROME1" || photometric === "MONOCHROME2") {
    return samples === 1 ? undefined : `it is ${photometric} with ${samples} samples per pixel`;
  }
  // JPEG 2000 with the reversible colour transform decodes to RGB (PS3.5 8.2.4)
  const isRgb =
    photometric === "RGB" ||
    (photometric === "YBR_RCT" && transferSyntaxUid === TRANSFER_SYNTAX.JPEG2000Lossless);
  if (!isRgb)
    return `its photometric interpretation is ${photometric}; MONOCHROME1, MONOCHROME2 and RGB can be rendered`;
  if (samples !== 3) return `it is ${photometric} with ${samples} samples per pixel`;
  if (bitsAllocated !== 8 || signed)
    return "it is RGB with other than unsigned 8-bit samples, which HTJ2K decoders read differently";
  return undefined;
}

function sourceOf(dataSet: DataSet, transferSyntaxUid: string, samplesPerPixel: number): FrameSource {
  if (transferSyntaxUid === TRANSFER_SYNTAX.JPEG2000Lossless) return "jpeg2000";
  const interleaved = samplesPerPixel === 1 || dataSet.number(TAG.PlanarConfiguration) === 0;
  return isNativeLittleEndian(transferSyntaxUid) && interleaved ? "native" : "archive";
}

function isCount(value: number): boolean {
  return Number.isInteger(value) && value >= 1 && value <= 0x7fff_ffff;
}
