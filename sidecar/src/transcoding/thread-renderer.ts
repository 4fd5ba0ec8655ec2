import { ArchiveError, type Archive } from "../archive/archive.js";
import type { PixelFormat } from "../dicom/frame.js";
import { isNativeLittleEndian } from "../dicom/transfer-syntax.js";
import type { OrthancId } from "../dicom/uid.js";
import { readNativePixels } from "../dicom/part10-pixels.js";
import { BufferShelf } from "./buffer-shelf.js";
import { FrameError } from "./frame-error.js";
import { Htj2kCodec } from "./htj2k-codec.js";
import type { FrameRenderer, SourceFrame } from "./render-frame.js";
import { renderability } from "./renderable.js";
import type {
  FrameRange,
  RecordedRendition,
  Renderable,
  Renderer,
  RenderOutcome,
  RenditionSource,
  Verification,
} from "./renderer.js";
import { RENDITION_FORMAT, packRendition, type RenderedFrame } from "./rendition.js";

/** Instances of more frames are shared among the threads. */
const FRAMES_AT_A_TIME = 8;
/** A larger file is read by its tags and frames: it may be a document, a video or a slide of gigabytes. */
const LARGEST_FILE_BYTES = 64_000_000;

/** The renderer as it runs within one thread. */
export class ThreadRenderer implements Renderer {
  private readonly shelf = new BufferShelf();
  /** Apart from the one that encodes: it is shown bytes that may be broken. */
  private verifying: Promise<Htj2kCodec> | undefined;

  /** @param codec name and version, kept in each rendition */
  constructor(
    private readonly archive: Archive,
    private readonly frameRenderer: FrameRenderer,
    private readonly codec: string,
  ) {}

  renderInstance(source: RenditionSource): ReturnType<Renderer["renderInstance"]> {
    return settled(async () => {
      const rendered = await this.renderFile(source);
      if (rendered !== undefined) return rendered;
      const decision = renderability(await this.archive.dataSet(source.orthancId), source.transferSyntaxUid);
      if (!decision.renderable) return notRenderable(decision);
      if (decision.numberOfFrames > FRAMES_AT_A_TIME) return { kind: "many-frames", decision };
      const frames = await this.frames(source, decision, { first: 0, count: decision.numberOfFrames });
      return this.attach(source, decision, frames);
    });
  }

  /**
   * The short way of most images: one frame, uncompressed, is read with its file, which costs the archive no parsing and
   * one request instead of two. Its memory is used again for the next.
   * @returns undefined when the instance is not of this kind
   */
  private async renderFile(source: RenditionSource): Promise<RenderOutcome | undefined> {
    const { orthancId, transferSyntaxUid, numberOfFrames } = source;
    if (numberOfFrames > 1 || !isNativeLittleEndian(transferSyntaxUid)) return undefined;
    const taken: Buffer<ArrayBuffer>[] = [];
    const allocate = (bytes: number) => {
      const room = this.shelf.take(bytes);
      taken.push(room);
      return room;
    };
    try {
      const file = await this.archive.readFile(orthancId, { allocate, largestBytes: LARGEST_FILE_BYTES });
      const pixels = file === null ? undefined : readNativePixels(file, transferSyntaxUid);
      if (pixels === undefined) return undefined;
      const decision = renderability(pixels.dataSet, transferSyntaxUid);
      if (!decision.renderable) return notRenderable(decision);
      if (decision.numberOfFrames > 1 || decision.source !== "native") return undefined;
      const { format } = decision;
      const bytes = wholeFrame(pixels.pixelData, 0, format);
      const frame = await this.frameRenderer.render({ bytes, encoding: "samples", format }, allocate);
      return await this.attach(source, decision, [frame], allocate);
    } finally {
      for (const room of taken) this.shelf.give(room);
    }
  }

  renderFrames(
    source: RenditionSource,
    decision: Renderable,
    range: FrameRange,
  ): ReturnType<Renderer["renderFrames"]> {
    return settled(async () => ({ kind: "frames", frames: await this.frames(source, decision, range) }));
  }

  attachFrames(
    source: RenditionSource,
    decision: Renderable,
    frames: readonly RenderedFrame[],
  ): Promise<RenderOutcome> {
    return settled(() => this.attach(source, decision, frames));
  }

  async verifyRendition(recorded: RecordedRendition): Promise<Verification> {
    // Most threads never verify: they start without what reads renditions again.
    const { verifyRendition } = await import("./verify-rendition.js");
    const codec = await (this.verifying ??= Htj2kCodec.load());
    const verification = await verifyRendition(recorded, this.archive, codec);
    // Broken input may have left anything in its memory.
    if (verification.kind === "bad") this.verifying = undefined;
    return verification;
  }

  private async frames(
    { orthancId }: RenditionSource,
    decision: Renderable,
    { first, count }: FrameRange,
  ): Promise<RenderedFrame[]> {
    const frames: RenderedFrame[] = [];
    for (let index = first; index < first + count; index += 1) {
      frames.push(await this.frameRenderer.render(await readFrame(this.archive, orthancId, index, decision)));
    }
    return frames;
  }

  private async attach(
    { orthancId, fileUuid }: RenditionSource,
    { format, numberOfFrames }: Renderable,
    frames: readonly RenderedFrame[],
    allocate?: (bytes: number) => Buffer<ArrayBuffer>,
  ): Promise<RenderOutcome> {
    const pieces = packRendition(this.codec, fileUuid, frames);
    const renditionBytes = pieces.reduce((sum, { byteLength }) => sum + byteLength, 0);
    const body = allocate === undefined ? pieces : [joined(pieces, allocate(renditionBytes))];
    const renditionMd5 = await this.archive.attachRendition(orthancId, body);
    const { rows, columns, samplesPerPixel, bitsAllocated } = format;
    return {
      kind: "rendered",
      rendition: {
        format: RENDITION_FORMAT,
        renditionBytes,
        renditionMd5,
        pixelBytes: (rows * columns * samplesPerPixel * bitsAllocated * numberOfFrames) / 8,
      },
    };
  }
}

/** What goes out in one write; many frames are sent piece by piece instead. */
function joined(pieces: readonly Uint8Array[], room: Buffer<ArrayBuffer>): Buffer<ArrayBuffer> {
  let offset = 0;
  for (const piece of pieces) {
    room.set(piece, offset);
    offset += piece.byteLength;
  }
  return room;
}

type NotRenderable = Extract<RenderOutcome, { kind: "not-renderable" }>;

function notRenderable({ code, reason }: Omit<NotRenderable, "kind">): NotRenderable {
  return { kind: "not-renderable", code, reason };
}

async function settled<T>(
  work: () => Promise<T>,
): Promise<T | Extract<RenderOutcome, { kind: "not-renderable" | "gone" }>> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof FrameError) return notRenderable({ code: error.code, reason: error.message });
    if (error instanceof ArchiveError && error.code === "frame-undecodable")
      return notRenderable({ code: error.code, reason: error.message });
    if (error instanceof ArchiveError && error.code === "instance-not-found") return { kind: "gone" };
    throw error;
  }
}

async function readFrame(
  archive: Archive,
  orthancId: OrthancId,
  index: number,
  { source, format }: Renderable,
): Promise<SourceFrame> {
  if (source === "archive") {
    const { samples, signed } = await archive.readFrame(orthancId, index, format);
    if (signed !== format.signed)
      throw new FrameError("the archive decodes it with another sign than the data set says");
    const bytes = new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength);
    return { bytes, encoding: "samples", format };
  }
  const bytes = await archive.readNativeFrame(orthancId, index);
  if (source === "jpeg2000") return { bytes, encoding: "jpeg2000", format };
  return { bytes: wholeFrame(bytes, index, format), encoding: "samples", format };
}

/** @throws FrameError when there are fewer bytes than the frame has */
function wholeFrame(bytes: Uint8Array, index: number, format: PixelFormat): Uint8Array {
  const expected = (format.rows * format.columns * format.samplesPerPixel * format.bitsAllocated) / 8;
  if (bytes.byteLength < expected)
    throw new FrameError(`its frame ${index + 1} has ${bytes.byteLength} of ${expected} bytes`);
  // Words have to begin at an even address; in a file they nearly always do.
  return bytes.byteOffset % 2 === 0 ? bytes.subarray(0, expected) : bytes.slice(0, expected);
}
