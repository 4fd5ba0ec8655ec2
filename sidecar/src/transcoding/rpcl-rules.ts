import type { PixelFormat } from "../dicom/frame.js";
import { CodestreamError, parseCodestream, type Codestream } from "./codestream.js";

/** PS3.5 10.18: the lowest resolution is at most so many samples wide and high. */
export const BASE_RESOLUTION = 64;

/**
 * Insists on what HTJ2K Lossless RPCL (1.2.840.10008.1.2.4.202) promises, PS3.5 10.18 and A.4.9: lossless, RPCL, a TLM
 * marker that lists every tile-part rightly, a small base resolution; and on our own promise, one tile-part for each
 * resolution, so that a prefix of the bytes is an image.
 * @throws CodestreamError with what is missing
 */
export function insistOnRpcl(bytes: Uint8Array): Codestream {
  const codestream = parseCodestream(bytes);
  const { columns, rows, decompositionLevels, tileParts, listedLengths } = codestream;
  if (!codestream.highThroughput) throw new CodestreamError("its blocks are not high-throughput ones");
  if (!codestream.reversible) throw new CodestreamError("it is not reversible");
  if (codestream.progressionOrder !== "RPCL")
    throw new CodestreamError(`its progression order is ${codestream.progressionOrder}, not RPCL`);
  if (Math.ceil(Math.max(columns, rows) / 2 ** decompositionLevels) > BASE_RESOLUTION)
    throw new CodestreamError("its base resolution is too large");
  if (codestream.tiles !== 1 || tileParts.length !== decompositionLevels + 1)
    throw new CodestreamError("it has not one tile-part for each resolution");
  const right =
    listedLengths?.length === tileParts.length &&
    tileParts.every(({ start, end }, index) => listedLengths[index] === end - start);
  if (!right) throw new CodestreamError("its TLM marker does not list its tile-parts");
  return codestream;
}

/** @throws CodestreamError when the codestream is of other pixels than the data set describes */
export function insistOnFormat(
  { columns, rows, components, multipleComponentTransform }: Codestream,
  format: PixelFormat,
  bitsPerSample: number,
): void {
  const same =
    columns === format.columns &&
    rows === format.rows &&
    components.length === format.samplesPerPixel &&
    components.every(({ bits, signed }) => bits === bitsPerSample && signed === format.signed) &&
    multipleComponentTransform === (format.samplesPerPixel === 3);
  if (!same) throw new CodestreamError("its header describes another image");
}
