import { createHash } from "node:crypto";
import type { Archive } from "../archive/archive.js";
import { CodestreamError } from "./codestream.js";
import type { Htj2kCodec } from "./htj2k-codec.js";
import { Rendition } from "./open-rendition.js";
import type { RecordedRendition, Verification } from "./renderer.js";
import { insistOnRpcl } from "./rpcl-rules.js";

/**
 * Reads a stored rendition again and holds it against what was recorded when it was made. A decoder that is handed
 * broken bytes may answer wrong pixels without a word (facts, 3): only the digest of the pixels tells.
 * @throws ArchiveError when the archive does not answer
 */
export async function verifyRendition(
  { orthancId, fileUuid, renditionMd5 }: RecordedRendition,
  archive: Pick<Archive, "readRendition" | "fileUuid">,
  codec: Htj2kCodec,
): Promise<Verification> {
  const bytes = await archive.readRendition(orthancId);
  const found: Verification =
    bytes === null
      ? { kind: "bad", reason: "there is no attachment" }
      : checkRendition(bytes, { fileUuid, renditionMd5 }, codec);
  if (found.kind !== "bad") return found;
  // Deleted or overwritten while it was being read: nothing is wrong with it.
  return (await archive.fileUuid(orthancId)) === fileUuid ? found : { kind: "gone" };
}

/** @param recorded `renditionMd5` is of the bytes as they were attached; null when that was not recorded */
export function checkRendition(
  bytes: Uint8Array,
  { fileUuid, renditionMd5 }: Omit<RecordedRendition, "orthancId">,
  codec: Htj2kCodec,
): Exclude<Verification, { kind: "gone" }> {
  // Before the decoder: what is not ours is not fed to it.
  if (renditionMd5 !== null && createHash("md5").update(bytes).digest("hex") !== renditionMd5)
    return { kind: "bad", reason: "its bytes are not those that were attached" };
  let rendition: Rendition;
  try {
    rendition = Rendition.open(bytes);
  } catch {
    return { kind: "bad", reason: "it is not a whole rendition of a readable format" };
  }
  if (!rendition.isOf(fileUuid)) return { kind: "bad", reason: "it was made of another file" };
  for (const [index, { pixelSha256 }] of rendition.header.frames.entries()) {
    const codestream = rendition.frame(index + 1) ?? new Uint8Array();
    const broken = brokenRule(codestream);
    if (broken !== undefined)
      return { kind: "bad", reason: `the codestream of frame ${index + 1}: ${broken}` };
    if (decodedSha256(codestream, codec) !== pixelSha256)
      return { kind: "bad", reason: `frame ${index + 1} does not decode to the pixels it was made of` };
  }
  return { kind: "good", frames: rendition.numberOfFrames };
}

function brokenRule(codestream: Uint8Array): string | undefined {
  try {
    insistOnRpcl(codestream);
    return undefined;
  } catch (error) {
    if (!(error instanceof CodestreamError)) throw error;
    return error.message;
  }
}

/** undefined when it cannot be decoded. */
function decodedSha256(codestream: Uint8Array, codec: Htj2kCodec): string | undefined {
  try {
    return codec.decode(codestream, (samples) => createHash("sha256").update(samples).digest("hex"));
  } catch {
    return undefined;
  }
}
