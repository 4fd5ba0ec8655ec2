import { TRANSFER_SYNTAX, compressionOf } from "./transfer-syntax.js";

/** The media type of a frame in a transfer syntax (PS3.18 tables 8.7.3-2 and 8.7.3-5); undefined for video and unknown ones. */
export function frameMediaType(transferSyntaxUid: string): string | undefined {
  switch (transferSyntaxUid) {
    case TRANSFER_SYNTAX.JPEGBaseline8Bit:
    case TRANSFER_SYNTAX.JPEGExtended12Bit:
    case TRANSFER_SYNTAX.JPEGLossless:
    case TRANSFER_SYNTAX.JPEGLosslessSV1:
      return "image/jpeg";
    case TRANSFER_SYNTAX.RLELossless:
      return "image/dicom-rle";
    case TRANSFER_SYNTAX.JPEGLSLossless:
    case TRANSFER_SYNTAX.JPEGLSNearLossless:
      return "image/jls";
    case TRANSFER_SYNTAX.JPEG2000Lossless:
    case TRANSFER_SYNTAX.JPEG2000:
      return "image/jp2";
  }
  const compression = compressionOf(transferSyntaxUid);
  if (compression === "htj2k") return "image/jphc";
  return compression === "native" ? "application/octet-stream" : undefined;
}
