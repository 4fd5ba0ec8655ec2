import { createHash } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Archive } from "../archive/archive.js";
import { frameMediaType } from "../dicom/frame-media-type.js";
import { TRANSFER_SYNTAX, compressionOf, isJpeg2000 } from "../dicom/transfer-syntax.js";
import { ApiError } from "../error-response.js";
import { describeFrame } from "../rendering/describe-frame.js";
import type { Painter } from "../rendering/picture.js";
import { acceptOf } from "./accept.js";
import { answerEntity } from "./answer-entity.js";
import {
  chooseRepresentation,
  frameRepresentations,
  type FrameRepresentation,
} from "./frame-representation.js";
import type { InstanceAddress } from "./instance-address.js";
import type { KnownInstance, KnownInstances } from "./known-instances.js";
import { multipartFrames, singleFrame, type FrameParts } from "./multipart-frames.js";
import type { Originals } from "./originals.js";
import type { CachedRendition, RenditionCache } from "./rendition-cache.js";
import { framesFromOrthanc } from "./to-orthanc.js";

export interface FrameDependencies {
  readonly renditions: RenditionCache;
  readonly instances: KnownInstances;
  readonly originals: Originals;
  readonly dataSets: Pick<Archive, "dataSet">;
  readonly painter: Pick<Painter, "decode">;
}

const { ExplicitVRLittleEndian, HTJ2KLosslessRPCL } = TRANSFER_SYNTAX;
const DECODED = { mediaType: "application/octet-stream", transferSyntaxUid: ExplicitVRLittleEndian };
const RENDITION = { mediaType: "image/jphc", transferSyntaxUid: HTJ2KLosslessRPCL };

/** Answers frames in what the client likes best of what there is (PS3.18 10.4). */
export async function retrieveFrames(
  address: InstanceAddress,
  numbers: readonly number[],
  query: string,
  request: IncomingMessage,
  response: ServerResponse,
  dependencies: FrameDependencies,
): Promise<"htj2k" | "orthanc"> {
  const { renditions, instances, originals } = dependencies;
  const representations = frameRepresentations(acceptOf(request.headers.accept, query));
  const rendition = representations.some(({ content }) => content === "htj2k")
    ? (renditions.peek(address) ?? (await renditions.find(address, numbers)))
    : null;
  const instance = rendition?.instance ?? (await instances.find(address));
  // Orthanc does not survive every question for a frame that is not there.
  if (instance !== null) insistOnFrames(numbers, rendition ?? instance);
  const choose = (rendered: boolean) =>
    chooseRepresentation(representations, numbers.length, rendered, instance?.transferSyntaxUid);

  let chosen = choose(rendition !== null);
  if (rendition !== null && chosen?.content === "htj2k") {
    const frames =
      renditions.framesAtHand(rendition, numbers) ?? (await renditions.readFrames(rendition, numbers));
    if (frames !== null) {
      const digest = digestOf(rendition, numbers);
      answer(request, response, chosen, { ...RENDITION, frames, digest });
      return "htj2k";
    }
    chosen = choose(false);
  }
  if (chosen === undefined) throw notAcceptable(instance, representations);
  if (instance === null) {
    // Not arrived, or nobody knows which: Orthanc answers, or says that it has none.
    return framesFromOrthanc(response, chosen.content === "stored" ? "stored" : "decoded");
  }
  const { transferSyntaxUid } = instance;
  const compression = compressionOf(transferSyntaxUid);
  const asStored = chosen.content === "stored" && compression !== "native";
  // Orthanc hands out frames of a syntax that it does not know under the name of another (facts, 1).
  const decodedHere = !asStored && isJpeg2000(transferSyntaxUid);
  // Frames are the same bytes in either VR encoding, and GDCM is known to end Orthanc when it changes that. Who leaves the
  // syntax open is told the stored one; who asks for Explicit VR must be told that.
  const isImplicit = transferSyntaxUid === TRANSFER_SYNTAX.ImplicitVRLittleEndian;
  const relabelled = isImplicit && chosen.content === "decoded";
  if (chosen.multipart && compression !== "htj2k" && !decodedHere && !relabelled)
    return framesFromOrthanc(response, asStored || isImplicit ? "stored" : "decoded");
  const frames: Uint8Array[] = [];
  for (const number of numbers) {
    if (decodedHere) {
      const frame = await decode(instance, number, dependencies);
      if (frame === null) throw notAcceptable(instance, representations);
      frames.push(frame);
      continue;
    }
    frames.push(
      asStored || isImplicit
        ? await originals.storedFrame(instance.orthancId, number)
        : await originals.decodedFrame(address, number),
    );
  }
  const digest = createHash("sha256");
  for (const frame of frames) digest.update(frame);
  const kind = asStored
    ? { mediaType: frameMediaType(transferSyntaxUid) ?? DECODED.mediaType, transferSyntaxUid }
    : DECODED;
  answer(request, response, chosen, { ...kind, frames, digest: digest.digest("hex").slice(0, 32) });
  return "orthanc";
}

/** null where its pixels could be shown as others than were acquired. */
async function decode(
  { orthancId }: KnownInstance,
  frameNumber: number,
  { dataSets, originals, painter }: FrameDependencies,
): Promise<Uint8Array | null> {
  const [dataSet, codestream] = await Promise.all([
    dataSets.dataSet(orthancId),
    originals.storedFrame(orthancId, frameNumber),
  ]);
  const described = describeFrame(dataSet, undefined);
  return described === undefined
    ? null
    : painter.decode({ codestream, coding: "jpeg2000", format: described.format });
}

function answer(
  request: IncomingMessage,
  response: ServerResponse,
  { multipart }: FrameRepresentation,
  parts: FrameParts,
): void {
  answerEntity(request, response, multipart ? multipartFrames(parts) : singleFrame(parts));
}

function insistOnFrames(
  numbers: readonly number[],
  { numberOfFrames }: Pick<CachedRendition, "numberOfFrames">,
): void {
  if (numbers.some((number) => number > numberOfFrames))
    throw new ApiError(404, "no-such-frame", `The instance has ${numberOfFrames} frames.`);
}

/** Of the rendition's content and of the frames in their order. */
function digestOf({ digest }: CachedRendition, numbers: readonly number[]): string {
  if (numbers.length === 1) return `${digest}-${numbers[0] ?? 0}`;
  return createHash("sha256")
    .update(`${digest}/${numbers.join(",")}`)
    .digest("hex")
    .slice(0, 32);
}

function notAcceptable(
  instance: KnownInstance | null,
  representations: readonly FrameRepresentation[],
): ApiError {
  const several = representations.length > 0 && representations.every(({ multipart }) => !multipart);
  const stored = instance === null ? "" : ` These are stored in ${instance.transferSyntaxUid}.`;
  return new ApiError(
    406,
    "not-acceptable",
    `Frames are answered as HTJ2K, where a rendition has been made, as they are stored, or in Explicit VR Little Endian${several ? "; several as multipart/related only" : ""}.${stored}`,
  );
}
