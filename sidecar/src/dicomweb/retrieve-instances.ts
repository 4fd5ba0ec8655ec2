import { randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { TRANSFER_SYNTAX } from "../dicom/transfer-syntax.js";
import { ApiError } from "../error-response.js";
import { acceptOf } from "./accept.js";
import { instanceFile, type FileDependencies, type InstanceFile } from "./instance-file.js";
import {
  chooseInstanceRepresentation,
  instanceRepresentations,
  type InstanceContent,
} from "./instance-representation.js";
import type { KnownInstance, KnownInstances } from "./known-instances.js";
import type { DicomWebRoute } from "./route.js";
import { toOrthanc } from "./to-orthanc.js";
import { writePiece } from "./write-piece.js";

export interface InstanceDependencies extends FileDependencies {
  readonly instances: KnownInstances;
}

type Chosen = readonly [KnownInstance, InstanceContent];

const PRIVATE = { "Cache-Control": "private, no-store", Vary: "Accept, Authorization" };
const FROM_ORTHANC = 'multipart/related; type="application/dicom"; transfer-syntax=';

/**
 * Answers instances of a study, a series, or one, as Part 10 files (PS3.18 10.4). What Orthanc alone can give whole is
 * left to it; the rest is put together here, one instance at a time: a study is never held.
 */
export async function retrieveInstances(
  { studyInstanceUid = "", seriesInstanceUid, sopInstanceUid }: DicomWebRoute,
  query: string,
  request: IncomingMessage,
  response: ServerResponse,
  dependencies: InstanceDependencies,
): Promise<"htj2k" | "orthanc"> {
  const representations = instanceRepresentations(acceptOf(request.headers.accept, query)).filter(
    ({ multipart }) => multipart || sopInstanceUid !== undefined,
  );
  const [best] = representations;
  if (best === undefined) throw notAcceptable();
  const known = await find(dependencies.instances, studyInstanceUid, seriesInstanceUid, sopInstanceUid);
  // Of one that has not arrived yet, or is there twice, only Orthanc knows.
  if (known.length === 0) return toOrthanc(response, acceptedByOrthanc(best.content));
  const represented = known.flatMap((instance) => {
    const representation = chooseInstanceRepresentation(representations, instance);
    return representation === undefined ? [] : [{ instance, representation }];
  });
  const chosen = represented.map(({ instance, representation }): Chosen => [
    instance,
    representation.content,
  ]);
  const [first] = represented;
  if (first === undefined) throw notAcceptable();
  const { content: firstContent, multipart } = first.representation;
  const alike = chosen.length === known.length && chosen.every(([, content]) => content === firstContent);
  if (alike && firstContent !== "htj2k" && multipart)
    return toOrthanc(response, acceptedByOrthanc(firstContent));

  if (!multipart) {
    const file = await instanceFile(first.instance, studyInstanceUid, firstContent, dependencies);
    response.writeHead(200, {
      ...PRIVATE,
      "Content-Type": `application/dicom; transfer-syntax=${file.transferSyntaxUid}`,
      "Content-Length": file.byteLength,
    });
    await send(file, response);
    response.end();
  } else await sendParts(chosen, known.length, studyInstanceUid, response, dependencies);
  return chosen.some(([, content]) => content === "htj2k") ? "htj2k" : "orthanc";
}

async function sendParts(
  chosen: readonly Chosen[],
  wanted: number,
  studyInstanceUid: string,
  response: ServerResponse,
  dependencies: InstanceDependencies,
): Promise<void> {
  const boundary = `instances-${randomUUID()}`;
  let begun = false;
  for (const [instance, content] of chosen) {
    const file = await instanceFile(instance, studyInstanceUid, content, dependencies);
    if (!begun) {
      const missing = wanted - chosen.length;
      // PS3.18 10.4.3: some of what was asked for, as the rest cannot be had in an acceptable form.
      response.writeHead(missing === 0 ? 200 : 206, {
        ...PRIVATE,
        "Content-Type": `multipart/related; type="application/dicom"; boundary=${boundary}`,
        ...(missing === 0
          ? {}
          : {
              Warning: `299 - "${missing} of ${wanted} instances are not to be had in an acceptable transfer syntax"`,
            }),
      });
      begun = true;
    }
    response.write(
      `--${boundary}\r\nContent-Type: application/dicom; transfer-syntax=${file.transferSyntaxUid}\r\nContent-Length: ${file.byteLength}\r\n\r\n`,
    );
    await send(file, response);
    if (response.destroyed) return;
    response.write("\r\n");
  }
  response.end(`--${boundary}--\r\n`);
}

/** Waits while the client has not taken what was sent before. */
async function send({ content }: InstanceFile, response: ServerResponse): Promise<void> {
  try {
    for await (const piece of content as AsyncIterable<Uint8Array>) {
      if (!(await writePiece(response, piece))) return;
    }
  } finally {
    if (!Array.isArray(content)) (content as { destroy(): void }).destroy();
  }
}

async function find(
  instances: KnownInstances,
  studyInstanceUid: string,
  seriesInstanceUid: string | undefined,
  sopInstanceUid: string | undefined,
): Promise<readonly KnownInstance[]> {
  if (seriesInstanceUid === undefined || sopInstanceUid === undefined)
    return instances.under(studyInstanceUid, seriesInstanceUid);
  const instance = await instances.find({ studyInstanceUid, seriesInstanceUid, sopInstanceUid });
  return instance === null ? [] : [instance];
}

function acceptedByOrthanc(content: InstanceContent): string {
  return FROM_ORTHANC + (content === "stored" ? "*" : TRANSFER_SYNTAX.ExplicitVRLittleEndian);
}

function notAcceptable(): ApiError {
  return new ApiError(
    406,
    "not-acceptable",
    "Instances are answered as application/dicom with their HTJ2K rendition, as they are stored, or in Explicit VR Little Endian; several as multipart/related.",
  );
}
