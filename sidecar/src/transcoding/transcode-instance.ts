import { ArchiveError, type Archive, type ArchivedInstance } from "../archive/archive.js";
import type { OrthancId } from "../dicom/uid.js";
import type { NewEvent } from "../state/events.js";
import type { State, StateTransaction } from "../state/state.js";
import { FrameError } from "./frame-error.js";
import { renderability, type Renderability } from "./renderable.js";
import type { RenderFrameResult, RenderFrameTask } from "./render-frame.worker.js";
import { RENDITION_FORMAT, packRendition, type RenderedFrame } from "./rendition.js";

export interface TranscodingDependencies {
  readonly archive: Archive;
  readonly state: State;
  /** Runs one frame in a worker thread. */
  readonly renderFrame: (task: RenderFrameTask) => Promise<RenderFrameResult>;
  /** Name and version of the codec, kept in the rendition. */
  readonly codec: string;
  /** Frames of one instance worked on at the same time. */
  readonly framesAtOnce: number;
}

/**
 * Makes the HTJ2K rendition of an instance and attaches it. Idempotent: the same bytes are attached again.
 * @throws ArchiveError what is retryable; permanent faults end in the instance's state instead
 */
export async function transcodeInstance(
  orthancId: OrthancId,
  dependencies: TranscodingDependencies,
): Promise<void> {
  const { archive, state } = dependencies;
  const known = await state.read.instance(orthancId);
  if (known?.rendition !== "pending") return;
  const where = {
    studyInstanceUid: known.studyInstanceUid,
    seriesInstanceUid: known.seriesInstanceUid,
    sopInstanceUid: known.sopInstanceUid,
  };
  const end = (write: (transaction: StateTransaction) => Promise<boolean>, event: NewEvent) =>
    state.transaction(async (transaction) => {
      if (await write(transaction)) await transaction.appendEvent(event);
    });
  const notRenderable = (reason: string) =>
    end((transaction) => transaction.markNotRenderable(orthancId, known.fileUuid, reason), {
      event: "instance.not-renderable",
      ...where,
      data: { reason },
    });

  try {
    const instance = await archive.describeInstance(orthancId);
    // Overwritten since it was queued: its new arrival queues it again.
    if (instance.fileUuid !== known.fileUuid) return;
    const decision = renderability(instance.dataSet, instance.transferSyntaxUid);
    if (!decision.renderable) {
      await notRenderable(decision.reason);
      return;
    }
    const frames = await renderFrames(instance, decision, dependencies);
    const rendition = packRendition(dependencies.codec, frames);
    await archive.attachRendition(orthancId, rendition);
    const { rows, columns, samplesPerPixel, bitsAllocated } = decision.format;
    const pixelBytes = (rows * columns * samplesPerPixel * bitsAllocated * decision.numberOfFrames) / 8;
    const record = { format: RENDITION_FORMAT, renditionBytes: rendition.byteLength, pixelBytes };
    await end((transaction) => transaction.markRendered(orthancId, known.fileUuid, record), {
      event: "instance.rendered",
      ...where,
      data: { renditionBytes: rendition.byteLength, pixelBytes },
    });
  } catch (error) {
    if (error instanceof FrameError) await notRenderable(error.message);
    else if (error instanceof ArchiveError && error.code === "frame-undecodable")
      await notRenderable(error.message);
    else if (error instanceof ArchiveError && error.code === "instance-not-found") return;
    else throw error;
  }
}

async function renderFrames(
  instance: ArchivedInstance,
  decision: Extract<Renderability, { renderable: true }>,
  { archive, renderFrame, framesAtOnce }: TranscodingDependencies,
): Promise<RenderedFrame[]> {
  const frames = new Array<RenderedFrame>(decision.numberOfFrames);
  let next = 0;
  const work = async (): Promise<void> => {
    for (let index = next++; index < decision.numberOfFrames; index = next++) {
      const result = await renderFrame(await readFrame(archive, instance.orthancId, index, decision));
      if (!result.ok) throw new FrameError(result.reason);
      frames[index] = result;
    }
  };
  await Promise.all(Array.from({ length: Math.min(framesAtOnce, decision.numberOfFrames) }, work));
  return frames;
}

async function readFrame(
  archive: Archive,
  orthancId: OrthancId,
  index: number,
  { source, format }: Extract<Renderability, { renderable: true }>,
): Promise<RenderFrameTask> {
  if (source === "archive") {
    const { samples, ...decoded } = await archive.readFrame(orthancId, index, format);
    if (decoded.signed !== format.signed)
      throw new FrameError("the archive decodes it with another sign than the data set says");
    const bytes = new Uint8Array(samples.buffer as ArrayBuffer, samples.byteOffset, samples.byteLength);
    return { bytes, encoding: "samples", format };
  }
  const stored = await archive.readNativeFrame(orthancId, index);
  // Its own array as a rule, which goes to the worker thread without a copy.
  const own =
    stored.byteOffset === 0 &&
    stored.byteLength === stored.buffer.byteLength &&
    stored.buffer instanceof ArrayBuffer;
  const bytes = own ? new Uint8Array(stored.buffer) : new Uint8Array(stored);
  if (source === "jpeg2000") return { bytes, encoding: "jpeg2000", format };
  const expected = (format.rows * format.columns * format.samplesPerPixel * format.bitsAllocated) / 8;
  if (bytes.byteLength < expected)
    throw new FrameError(`its frame ${index + 1} has ${bytes.byteLength} of ${expected} bytes`);
  return {
    bytes: bytes.byteLength === expected ? bytes : bytes.slice(0, expected),
    encoding: "samples",
    format,
  };
}
