import { TAG } from "../dicom/tag.js";
import { TRANSFER_SYNTAX, compressionOf } from "../dicom/transfer-syntax.js";
import { membersOf, type JsonMember } from "./json-objects.js";
import type { KnownInstance } from "./known-instances.js";

interface DicomJsonElement {
  readonly vr?: string;
  readonly Value?: readonly unknown[];
}

/** Beyond it a list of frames is no address any more (route.ts). */
const MOST_FRAMES = 1_000;

/**
 * The metadata of an instance with what Orthanc does not say of it: the transfer syntaxes it can be had in (0008,3002) and
 * where its compressed pixels are. Every other attribute stays as it is written, in its place (PS3.18 F.2.2: ascending).
 * @param object a DICOM JSON Model object, as Orthanc wrote it
 * @param find the instance by its SOP Instance UID
 * @param instancePath the address of an instance in this installation
 */
export function completeMetadata(
  object: Buffer,
  find: (sopInstanceUid: string) => KnownInstance | undefined,
  instancePath: (instance: KnownInstance) => string,
): string {
  const members = membersOf(object);
  const element = (tag: string): DicomJsonElement | undefined => {
    const member = members.find(({ key }) => key === tag);
    return member && (Object.values(JSON.parse(`{${member.text}}`) as object)[0] as DicomJsonElement);
  };
  const sopInstanceUid = element(TAG.SOPInstanceUID)?.Value?.[0];
  const instance = typeof sopInstanceUid === "string" ? find(sopInstanceUid) : undefined;
  const added: JsonMember[] = [];
  const add = (key: string, value: object) =>
    added.push({ key, text: `${JSON.stringify(key)}:${JSON.stringify(value)}` });
  if (instance?.rendered === true) {
    const told = element(TAG.AvailableTransferSyntaxUID)?.Value ?? [];
    const available = [...told, instance.transferSyntaxUid, TRANSFER_SYNTAX.HTJ2KLosslessRPCL];
    add(TAG.AvailableTransferSyntaxUID, { vr: "UI", Value: [...new Set(available)].filter(Boolean) });
  }
  if (instance !== undefined && needsPixelAddress(instance, element)) {
    const frames = Array.from({ length: instance.numberOfFrames }, (_, index) => index + 1).join(",");
    add(TAG.PixelData, { vr: "OB", BulkDataURI: `${instancePath(instance)}/frames/${frames}` });
  }
  const kept = members.filter(({ key }) => !added.some((other) => other.key === key));
  const all = [...kept, ...added].sort((one, other) => (one.key < other.key ? -1 : 1));
  return `{${all.map(({ text }) => text).join(",")}}`;
}

/** Orthanc gives no address of pixel data that is compressed. */
function needsPixelAddress(
  { transferSyntaxUid, numberOfFrames }: KnownInstance,
  element: (tag: string) => DicomJsonElement | undefined,
): boolean {
  return (
    compressionOf(transferSyntaxUid) !== "native" &&
    numberOfFrames <= MOST_FRAMES &&
    element(TAG.PixelData) === undefined &&
    element(TAG.Rows) !== undefined
  );
}
