import { createHash } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Archive } from "../archive/archive.js";
import { TAG } from "../dicom/tag.js";
import { compressionOf, isJpeg2000 } from "../dicom/transfer-syntax.js";
import { ApiError } from "../error-response.js";
import { describeFrame } from "../rendering/describe-frame.js";
import type { Painter } from "../rendering/picture.js";
import { answerEntity } from "./answer-entity.js";
import { instanceOf } from "./instance-address.js";
import type { KnownInstance, KnownInstances } from "./known-instances.js";
import type { Originals } from "./originals.js";
import { readPictureRequest, type PictureRequest } from "./picture-request.js";
import type { DicomWebRoute } from "./route.js";
import { toOrthanc } from "./to-orthanc.js";

export interface RenderedDependencies {
  readonly instances: KnownInstances;
  readonly originals: Originals;
  readonly dataSets: Pick<Archive, "dataSet">;
  readonly painter: Painter;
}

/**
 * A picture of a frame, an instance, a series or a study (PS3.18 10.4.1.1.3, 10.4.1.1.4): Orthanc draws what it can
 * decode, the rest is drawn here. A series and a study are shown by an image in their middle.
 */
export async function retrieveRendered(
  route: DicomWebRoute,
  query: string,
  request: IncomingMessage,
  response: ServerResponse,
  dependencies: RenderedDependencies,
): Promise<"orthanc"> {
  const { instances, originals } = dependencies;
  const isThumbnail = route.transaction === "retrieveThumbnail";
  const wish = readPictureRequest(request.headers.accept, query, isThumbnail);
  const { studyInstanceUid = "", seriesInstanceUid, frameNumbers: [asked] = [] } = route;
  const address = instanceOf(route);
  const instance =
    address === undefined
      ? representative(await instances.under(studyInstanceUid, seriesInstanceUid))
      : await instances.find(address);
  if (instance === null) {
    if (isThumbnail) throw nothingToSee();
    return toOrthanc(response, wish.mediaType);
  }
  const frames = instance.numberOfFrames;
  // Orthanc does not survive every question for a frame that is not there.
  if (asked !== undefined && asked > frames)
    throw new ApiError(404, "no-such-frame", `The instance has ${frames} frames.`);
  const frame = asked ?? (isThumbnail || address === undefined ? Math.ceil(frames / 2) : 1);
  const isHtj2k = compressionOf(instance.transferSyntaxUid) === "htj2k";
  const mayNeedUs = isHtj2k || isJpeg2000(instance.transferSyntaxUid);
  const path = `/dicom-web/studies/${studyInstanceUid}/series/${instance.seriesInstanceUid}/instances/${instance.sopInstanceUid}/frames/${frame}/rendered`;
  // Asked for in words that Orthanc understands; what it answers to images that it cannot draw is for nobody.
  const ofOrthanc = isHtj2k
    ? null
    : await originals
        .rendered(`${path}${wish.query === "" ? "" : `?${wish.query}`}`, wish.mediaType)
        .catch(async (error: unknown) => {
          // Orthanc breaks the connection off when it is to draw nothing.
          if (await isEmpty(instance, dependencies)) return null;
          throw error;
        });
  const picture = ofOrthanc ?? (mayNeedUs ? await draw(instance, frame, wish, dependencies) : null);
  if (picture === null) throw nothingToSee();
  const digest = createHash("sha256").update(picture).digest("hex").slice(0, 32);
  answerEntity(request, response, {
    contentType: wish.mediaType,
    pieces: [picture],
    byteLength: picture.byteLength,
    entityTag: `"${digest}"`,
    ranges: false,
  });
  return "orthanc";
}

async function isEmpty(
  { orthancId }: KnownInstance,
  { dataSets }: Pick<RenderedDependencies, "dataSets">,
): Promise<boolean> {
  const dataSet = await dataSets.dataSet(orthancId);
  return dataSet.number(TAG.Rows) === 0 || dataSet.number(TAG.Columns) === 0;
}

async function draw(
  { orthancId, transferSyntaxUid }: KnownInstance,
  frame: number,
  wish: PictureRequest,
  { dataSets, originals, painter }: RenderedDependencies,
): Promise<Uint8Array | null> {
  const [dataSet, codestream] = await Promise.all([
    dataSets.dataSet(orthancId),
    originals.storedFrame(orthancId, frame),
  ]);
  const described = describeFrame(dataSet, wish.window);
  if (described === undefined) return null;
  const coding = isJpeg2000(transferSyntaxUid) ? "jpeg2000" : "htj2k";
  const { mediaType, quality, viewport } = wish;
  return painter.draw({ ...described, codestream, coding }, { mediaType, quality, viewport });
}

/** Of those that are images for sure, where there are such: the one in the middle of its series. */
function representative(instances: readonly KnownInstance[]): KnownInstance | null {
  const rendered = instances.filter((instance) => instance.rendered);
  const compressed = instances.filter(
    ({ transferSyntaxUid }) => compressionOf(transferSyntaxUid) !== "native",
  );
  const images = [rendered, compressed, instances].find(({ length }) => length > 0) ?? [];
  const series = images.filter(({ seriesInstanceUid }) => seriesInstanceUid === images[0]?.seriesInstanceUid);
  return series[Math.floor((series.length - 1) / 2)] ?? null;
}

function nothingToSee(): ApiError {
  return new ApiError(404, "no-such-resource", "There is no picture of it.");
}
