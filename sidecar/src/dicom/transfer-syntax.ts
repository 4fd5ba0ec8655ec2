/** Transfer syntaxes (PS3.5 annex A) this program has to tell apart. */
export const TRANSFER_SYNTAX = {
  ImplicitVRLittleEndian: "1.2.840.10008.1.2",
  ExplicitVRLittleEndian: "1.2.840.10008.1.2.1",
  DeflatedExplicitVRLittleEndian: "1.2.840.10008.1.2.1.99",
  ExplicitVRBigEndian: "1.2.840.10008.1.2.2",
  RLELossless: "1.2.840.10008.1.2.5",
  JPEGBaseline8Bit: "1.2.840.10008.1.2.4.50",
  JPEGExtended12Bit: "1.2.840.10008.1.2.4.51",
  JPEGLossless: "1.2.840.10008.1.2.4.57",
  JPEGLosslessSV1: "1.2.840.10008.1.2.4.70",
  JPEGLSLossless: "1.2.840.10008.1.2.4.80",
  JPEGLSNearLossless: "1.2.840.10008.1.2.4.81",
  JPEG2000Lossless: "1.2.840.10008.1.2.4.90",
  JPEG2000: "1.2.840.10008.1.2.4.91",
  HTJ2KLossless: "1.2.840.10008.1.2.4.201",
  HTJ2KLosslessRPCL: "1.2.840.10008.1.2.4.202",
  HTJ2K: "1.2.840.10008.1.2.4.203",
} as const;

/** Syntaxes whose pixel data is not compressed: a frame is rows × columns × samples × bytes long. */
const NATIVE: ReadonlySet<string> = new Set([
  TRANSFER_SYNTAX.ImplicitVRLittleEndian,
  TRANSFER_SYNTAX.ExplicitVRLittleEndian,
  TRANSFER_SYNTAX.DeflatedExplicitVRLittleEndian,
  TRANSFER_SYNTAX.ExplicitVRBigEndian,
]);

/** Compressed without loss: what is decoded is what was acquired. */
const LOSSLESS: ReadonlySet<string> = new Set([
  TRANSFER_SYNTAX.RLELossless,
  TRANSFER_SYNTAX.JPEGLossless,
  TRANSFER_SYNTAX.JPEGLosslessSV1,
  TRANSFER_SYNTAX.JPEGLSLossless,
  TRANSFER_SYNTAX.JPEG2000Lossless,
]);

/** Compressed with loss, or able to be: decoding and encoding again would hide where the loss came from. */
const LOSSY: ReadonlySet<string> = new Set([
  TRANSFER_SYNTAX.JPEGBaseline8Bit,
  TRANSFER_SYNTAX.JPEGExtended12Bit,
  TRANSFER_SYNTAX.JPEGLSNearLossless,
  TRANSFER_SYNTAX.JPEG2000,
  TRANSFER_SYNTAX.HTJ2K,
]);

const HTJ2K: ReadonlySet<string> = new Set([
  TRANSFER_SYNTAX.HTJ2KLossless,
  TRANSFER_SYNTAX.HTJ2KLosslessRPCL,
  TRANSFER_SYNTAX.HTJ2K,
]);

/** Whether samples stand in the file as they are worked on here. */
export function isNativeLittleEndian(transferSyntaxUid: string): boolean {
  return (
    transferSyntaxUid === TRANSFER_SYNTAX.ExplicitVRLittleEndian ||
    transferSyntaxUid === TRANSFER_SYNTAX.ImplicitVRLittleEndian
  );
}

/** JPEG 2000 Part 1, which stock Orthanc does not decode. */
export function isJpeg2000(transferSyntaxUid: string): boolean {
  return (
    transferSyntaxUid === TRANSFER_SYNTAX.JPEG2000 || transferSyntaxUid === TRANSFER_SYNTAX.JPEG2000Lossless
  );
}

/** Whether Orthanc reads the pixels with what it brings itself (dcmtk): RLE, JPEG, JPEG-LS and all that is native. */
export function isDecodedByOrthanc(transferSyntaxUid: string): boolean {
  const compression = compressionOf(transferSyntaxUid);
  const known = compression === "native" || compression === "lossless" || compression === "lossy";
  return known && !isJpeg2000(transferSyntaxUid) && !HTJ2K.has(transferSyntaxUid);
}

export type Compression = "native" | "lossless" | "lossy" | "htj2k" | "video" | "unknown";

/** What the pixel data of a transfer syntax is, as far as making a lossless rendition of it is concerned. */
export function compressionOf(transferSyntaxUid: string): Compression {
  if (NATIVE.has(transferSyntaxUid)) return "native";
  if (LOSSLESS.has(transferSyntaxUid)) return "lossless";
  if (HTJ2K.has(transferSyntaxUid)) return "htj2k";
  if (LOSSY.has(transferSyntaxUid)) return "lossy";
  // 1.2.840.10008.1.2.4.100 to .108: MPEG-2, MPEG-4 AVC, HEVC (PS3.5 A.4.5 to A.4.7)
  return /^1\.2\.840\.10008\.1\.2\.4\.10[0-8](\.1)?$/.test(transferSyntaxUid) ? "video" : "unknown";
}
