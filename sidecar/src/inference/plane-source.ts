import type { DecodedFrame, PixelFormat } from "../dicom/frame.js";
import type { OrthancId } from "../dicom/uid.js";
import { modalityValues } from "./pixel-values.js";
import type { VolumeGeometry } from "./volume.js";

/** Modality values of a slice of the volume (index from 0): rows × columns. */
export type ReadPlane = (slice: number) => Promise<Float32Array>;

/** Stored values of a frame (index from 0), before any rescale. */
export type ReadFrame = (
  orthancId: OrthancId,
  frameIndex: number,
  format: PixelFormat,
) => Promise<DecodedFrame>;

/** Frames that are kept for a second look; beyond it they are read again. */
const KEPT_BYTES = 64_000_000;

/**
 * Reads the slices of a volume one by one, as stored values: half of what floats would take. Small volumes are read
 * once, of large ones some slices twice when the normalisation looks at them first.
 */
export function planeSource(
  { slices }: VolumeGeometry,
  readFrame: ReadFrame,
  signal?: AbortSignal,
): ReadPlane {
  const kept = new Map<number, DecodedFrame>();
  let keptBytes = 0;
  return async (index) => {
    signal?.throwIfAborted();
    const slice = slices[index];
    if (slice === undefined) throw new RangeError("a volume has the slices that its geometry names");
    const frame = kept.get(index) ?? (await readFrame(slice.orthancId, slice.frameIndex, slice.format));
    const { byteLength } = frame.samples;
    if (!kept.has(index) && keptBytes + byteLength <= KEPT_BYTES) {
      kept.set(index, frame);
      keptBytes += byteLength;
    }
    return modalityValues(frame, slice.format, slice.rescale);
  };
}
