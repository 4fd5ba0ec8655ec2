import { ArchiveError, type Archive } from "../archive/archive.js";
import type { DecodedFrame, PixelFormat } from "../dicom/frame.js";
import { compressionOf, isJpeg2000 } from "../dicom/transfer-syntax.js";
import type { OrthancId } from "../dicom/uid.js";
import type { FrameToDecode, Painter } from "../rendering/picture.js";

/**
 * Frames for models: decoded by the archive or, where it does not decode their syntax (JPEG 2000 in Orthanc 1.10, HTJ2K
 * in any), here.
 */
export class DecodedFrames {
  constructor(
    private readonly archive: Pick<Archive, "readFrame" | "readNativeFrame" | "indexedInstances">,
    private readonly painter: Pick<Painter, "decode">,
  ) {}

  /**
   * @param frameIndex from 0
   * @throws ArchiveError; `frame-undecodable`, with the transfer syntax, when nobody decodes it
   */
  async readFrame(orthancId: OrthancId, frameIndex: number, format: PixelFormat): Promise<DecodedFrame> {
    try {
      return await this.archive.readFrame(orthancId, frameIndex, format);
    } catch (error) {
      if (!(error instanceof ArchiveError) || error.code !== "frame-undecodable") throw error;
      const [instance] = await this.archive.indexedInstances([orthancId]);
      if (instance === undefined) throw error;
      const { transferSyntaxUid } = instance;
      const coding = codingOf(transferSyntaxUid);
      const bytes =
        coding === undefined
          ? null
          : await this.painter.decode({
              codestream: await this.archive.readNativeFrame(orthancId, frameIndex),
              coding,
              format,
              insistOnSign: true,
            });
      if (bytes === null)
        throw new ArchiveError(
          "frame-undecodable",
          false,
          `frame ${frameIndex + 1} of an image stored in ${transferSyntaxUid} cannot be decoded as its data set describes it`,
          { cause: error },
        );
      return { ...format, samples: samplesOf(bytes, format) };
    }
  }
}

function codingOf(transferSyntaxUid: string): FrameToDecode["coding"] | undefined {
  if (isJpeg2000(transferSyntaxUid)) return "jpeg2000";
  return compressionOf(transferSyntaxUid) === "htj2k" ? "htj2k" : undefined;
}

function samplesOf(bytes: Uint8Array, { bitsAllocated, signed }: PixelFormat): DecodedFrame["samples"] {
  // Words begin at an even address in an array of their own.
  const { buffer } = new Uint8Array(bytes);
  if (bitsAllocated === 8) return signed ? new Int8Array(buffer) : new Uint8Array(buffer);
  return signed ? new Int16Array(buffer) : new Uint16Array(buffer);
}
