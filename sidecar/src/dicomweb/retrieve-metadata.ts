import type { IncomingMessage, ServerResponse } from "node:http";
import { acceptOf, dicomMediaRanges } from "./accept.js";
import { completeMetadata } from "./complete-metadata.js";
import { instanceOf } from "./instance-address.js";
import { objectsOf } from "./json-objects.js";
import type { KnownInstance, KnownInstances } from "./known-instances.js";
import type { Originals } from "./originals.js";
import { forwardedOf, publicAddress } from "./public-address.js";
import type { DicomWebRoute } from "./route.js";
import { toOrthanc } from "./to-orthanc.js";
import { writePiece } from "./write-piece.js";

export interface MetadataDependencies {
  readonly instances: KnownInstances;
  readonly originals: Originals;
}

const JSON_TYPES = new Set(["application/dicom+json", "application/json", "application/*", "*/*"]);

/** Orthanc's metadata (PS3.18 10.4, F), completed. In XML, and of what has not arrived, it is Orthanc's alone. */
export async function retrieveMetadata(
  route: DicomWebRoute,
  path: string,
  query: string,
  request: IncomingMessage,
  response: ServerResponse,
  { instances, originals }: MetadataDependencies,
): Promise<"orthanc"> {
  const [best] = dicomMediaRanges(acceptOf(request.headers.accept, query)).filter(
    ({ quality }) => quality > 0,
  );
  if (best === undefined || best.multipart || !JSON_TYPES.has(best.type ?? "")) return toOrthanc(response);
  const { studyInstanceUid = "", seriesInstanceUid } = route;
  const address = instanceOf(route);
  const known =
    address === undefined
      ? await instances.under(studyInstanceUid, seriesInstanceUid)
      : [await instances.find(address)].filter((instance) => instance !== null);
  const metadata = await originals.metadata(path, forwardedOf(request));
  // Whatever fault that is, Orthanc tells it better.
  if (metadata === null) return toOrthanc(response);

  const bySop = new Map(known.map((instance) => [instance.sopInstanceUid, instance]));
  const instancePath = (instance: KnownInstance) =>
    `${publicAddress(request)}/dicom-web/studies/${studyInstanceUid}/series/${instance.seriesInstanceUid}/instances/${instance.sopInstanceUid}`;
  response.writeHead(200, {
    "Content-Type": "application/dicom+json",
    "Cache-Control": "private, no-store",
    Vary: "Accept, Authorization",
  });
  let separator = "[";
  try {
    for await (const object of objectsOf(metadata)) {
      const text = completeMetadata(object, (sop) => bySop.get(sop), instancePath);
      if (!(await writePiece(response, separator + text))) return "orthanc";
      separator = ",";
    }
  } finally {
    metadata.destroy();
  }
  response.end(separator === "[" ? "[]" : "]");
  return "orthanc";
}
