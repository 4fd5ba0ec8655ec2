import { Readable } from "node:stream";
import { ArchiveError } from "../../archive/archive.js";
import { ByteFeed } from "../../dicom/byte-feed.js";
import type { OrthancId } from "../../dicom/uid.js";
import type { InstanceAddress } from "../../dicomweb/instance-address.js";
import type { OriginalFile, Originals } from "../../dicomweb/originals.js";
import { ApiError } from "../../error-response.js";
import type { OrthancHttp } from "./http.js";

const MULTIPART = "multipart/related; transfer-syntax=1.2.840.10008.1.2.1; type=";

/** Files and frames as Orthanc's REST API and its DICOMweb plugin give them. */
export class OrthancOriginals implements Originals {
  constructor(private readonly http: OrthancHttp) {}

  async storedFrame(orthancId: OrthancId, frameNumber: number): Promise<Uint8Array> {
    const { status, body } = await this.http.get(`/instances/${orthancId}/frames/${frameNumber - 1}/raw`);
    if (status !== 200) throw refusal(status);
    return body;
  }

  async decodedFrame(address: InstanceAddress, frameNumber: number): Promise<Uint8Array> {
    const path = `${dicomWebPath(address)}/frames/${frameNumber}`;
    const { status, body } = await this.http.get(path, { accept: `${MULTIPART}"application/octet-stream"` });
    if (status !== 200) throw refusal(status);
    return onlyPart(body);
  }

  async file(orthancId: OrthancId): Promise<OriginalFile> {
    const { status, length, body } = await this.http.open(`/instances/${orthancId}/file`);
    if (status === 200 && length !== undefined) return { byteLength: length, stream: body };
    body.on("error", () => undefined).destroy();
    throw refusal(status);
  }

  async fileUuid(orthancId: OrthancId): Promise<string | null> {
    const { status, body } = await this.http.get(`/instances/${orthancId}`);
    if (status === 404) return null;
    if (status !== 200) throw refusal(status);
    return (JSON.parse(body.toString("utf8")) as { FileUuid: string }).FileUuid;
  }

  async explicitFile(address: InstanceAddress): Promise<OriginalFile> {
    const accept = `${MULTIPART}"application/dicom"`;
    const { status, body } = await this.http.open(dicomWebPath(address), { accept });
    if (status === 200) return await theOnlyPart(body);
    body.on("error", () => undefined).destroy();
    throw refusal(status);
  }

  async metadata(path: string, forwarded: string | undefined): Promise<Readable | null> {
    const { status, body } = await this.http.open(path, {
      accept: "application/dicom+json",
      ...(forwarded === undefined ? {} : { forwarded }),
    });
    if (status === 200) return body;
    body.on("error", () => undefined).destroy();
    return null;
  }

  async rendered(path: string, mediaType: string): Promise<Uint8Array | null> {
    const { status, body } = await this.http.get(path, { accept: mediaType });
    return status === 200 ? body : null;
  }
}

function dicomWebPath({ studyInstanceUid, seriesInstanceUid, sopInstanceUid }: InstanceAddress): string {
  return `/dicom-web/studies/${studyInstanceUid}/series/${seriesInstanceUid}/instances/${sopInstanceUid}`;
}

const LONGEST_PART_HEADER = 4_096;

/** The body of the one part of a multipart/related answer, as it comes. */
async function theOnlyPart(body: Readable): Promise<OriginalFile> {
  const feed = new ByteFeed(body);
  const start = await feed.peek(LONGEST_PART_HEADER);
  const headersEnd = start.indexOf("\r\n\r\n");
  const byteLength = lengthOfPart(start, headersEnd);
  await feed.take(headersEnd + 4);
  const stream = Readable.from(feed.takeAll(byteLength), { objectMode: false });
  stream.on("close", () => body.destroy());
  return { byteLength, stream };
}

/** The body of the one part of a multipart/related answer (RFC 2046 5.1.1). */
function onlyPart(body: Buffer): Uint8Array {
  const headersEnd = body.indexOf("\r\n\r\n");
  const length = lengthOfPart(body, headersEnd);
  if (headersEnd + 4 + length > body.byteLength) throw unreadable();
  return body.subarray(headersEnd + 4, headersEnd + 4 + length);
}

function lengthOfPart(bytes: Buffer, headersEnd: number): number {
  const headers = bytes.subarray(0, Math.max(0, headersEnd)).toString("latin1");
  const length = Number(/^content-length: *(\d+)\r?$/im.exec(headers)?.[1]);
  if (!Number.isSafeInteger(length)) throw unreadable();
  return length;
}

function unreadable(): ArchiveError {
  return new ArchiveError("archive-refused", false, "Orthanc's multipart answer cannot be read");
}

function refusal(status: number): Error {
  if (status === 404) return new ApiError(404, "no-such-resource", "The archive does not hold it.");
  if (status === 401 || status === 503)
    return new ArchiveError("archive-busy", true, `Orthanc answered HTTP ${status}`);
  return new ApiError(406, "not-acceptable", "The archive cannot give it in this form.");
}
