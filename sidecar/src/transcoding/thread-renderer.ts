import { ArchiveError, type Archive } from "../archive/archive.js";
import type { OrthancId } from "../dicom/uid.js";
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
import { verifyRendition } from "./verify-rendition.js";

/** Instances of more frames are shared among the threads. */
const FRAMES_AT_A_TIME = 8;

/** The renderer as it runs within one thread. */
export class ThreadRenderer implements Renderer {
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
      const decision = renderability(await this.archive.dataSet(source.orthancId), source.transferSyntaxUid);
      if (!decision.renderable) return { kind: "not-renderable", reason: decision.reason };
      if (decision.numberOfFrames > FRAMES_AT_A_TIME) return { kind: "many-frames", decision };
      const frames = await this.frames(source, decision, { first: 0, count: decision.numberOfFrames });
      return this.attach(source, decision, frames);
    });
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
  ): Promise<RenderOutcome> {
    const rendition = packRendition(this.codec, frames);
    const renditionMd5 = await this.archive.attachRendition(orthancId, rendition);
    // Overwritten meanwhile: the pixels may be those of the earlier file. The new one's arrival attaches its own.
    if ((await this.archive.fileUuid(orthancId)) !== fileUuid) return { kind: "gone" };
    const { rows, columns, samplesPerPixel, bitsAllocated } = format;
    return {
      kind: "rendered",
      rendition: {
        format: RENDITION_FORMAT,
        renditionBytes: rendition.reduce((sum, { byteLength }) => sum + byteLength, 0),
        renditionMd5,
        pixelBytes: (rows * columns * samplesPerPixel * bitsAllocated * numberOfFrames) / 8,
      },
    };
  }
}

async function settled<T>(
  work: () => Promise<T>,
): Promise<T | Extract<RenderOutcome, { kind: "not-renderable" | "gone" }>> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof FrameError) return { kind: "not-renderable", reason: error.message };
    if (error instanceof ArchiveError && error.code === "frame-undecodable")
      return { kind: "not-renderable", reason: error.message };
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
  const expected = (format.rows * format.columns * format.samplesPerPixel * format.bitsAllocated) / 8;
  if (bytes.byteLength < expected)
    throw new FrameError(`its frame ${index + 1} has ${bytes.byteLength} of ${expected} bytes`);
  return { bytes: bytes.subarray(0, expected), encoding: "samples", format };
}
