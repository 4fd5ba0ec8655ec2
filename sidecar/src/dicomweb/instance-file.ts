import type { Readable } from "node:stream";
import { FileFormatError } from "../dicom/byte-feed.js";
import { withHtj2kPixels } from "../dicom/replace-pixel-data.js";
import { TRANSFER_SYNTAX } from "../dicom/transfer-syntax.js";
import { ApiError } from "../error-response.js";
import type { InstanceContent } from "./instance-representation.js";
import type { KnownInstance } from "./known-instances.js";
import type { Originals } from "./originals.js";
import type { RenditionCache } from "./rendition-cache.js";

export interface FileDependencies {
  readonly renditions: RenditionCache;
  readonly originals: Originals;
}

export interface InstanceFile {
  readonly transferSyntaxUid: string;
  readonly byteLength: number;
  readonly content: readonly Uint8Array[] | Readable;
}

/** An instance of the study as a Part 10 file. */
export async function instanceFile(
  instance: KnownInstance,
  studyInstanceUid: string,
  content: InstanceContent,
  { renditions, originals }: FileDependencies,
): Promise<InstanceFile> {
  const { orthancId, transferSyntaxUid } = instance;
  const address = { ...instance, studyInstanceUid };
  if (content === "stored") {
    const { byteLength, stream } = await originals.file(orthancId);
    return { transferSyntaxUid, byteLength, content: stream };
  }
  if (content === "explicit") {
    const { byteLength, stream } = await originals.explicitFile(address);
    return { transferSyntaxUid: TRANSFER_SYNTAX.ExplicitVRLittleEndian, byteLength, content: stream };
  }
  // One that is fresh may be of the file before this one.
  const fresh = renditions.peek(address);
  const rendition =
    fresh?.instance.fileUuid === instance.fileUuid ? fresh : await renditions.find(address, []);
  const frames = rendition && (await renditions.readWhole(rendition));
  if (!frames) throw renditionGone();
  const { stream } = await originals.file(orthancId);
  try {
    // Header and pixels must be of one file. It was opened after its rendition was read and before this is asked, and no
    // identifier ever comes back.
    if ((await originals.fileUuid(orthancId)) !== rendition.instance.fileUuid) {
      renditions.forget([orthancId]);
      throw renditionGone();
    }
    const pieces = await withHtj2kPixels(stream, frames);
    return {
      transferSyntaxUid: TRANSFER_SYNTAX.HTJ2KLosslessRPCL,
      byteLength: pieces.reduce((sum, piece) => sum + piece.byteLength, 0),
      content: pieces,
    };
  } catch (error) {
    if (!(error instanceof FileFormatError)) throw error;
    throw new ApiError(
      406,
      "not-acceptable",
      `The file cannot be given with its rendition: ${error.message}.`,
    );
  } finally {
    // Left before it was read, it says so as an error that nobody would hear.
    stream.on("error", () => undefined).destroy();
  }
}

function renditionGone(): ApiError {
  return new ApiError(503, "rendition-gone", "The rendition has just been removed or replaced.", {
    "Retry-After": "1",
  });
}
