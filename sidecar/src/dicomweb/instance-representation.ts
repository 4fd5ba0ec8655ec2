import { TRANSFER_SYNTAX, isDecodedByOrthanc } from "../dicom/transfer-syntax.js";
import { dicomMediaRanges, type DicomMediaRange } from "./accept.js";
import type { KnownInstance } from "./known-instances.js";

/** An instance as a Part 10 file: with its rendition for pixels, as it is stored, or in Explicit VR Little Endian. */
export type InstanceContent = "htj2k" | "stored" | "explicit";

export interface InstanceRepresentation {
  readonly content: InstanceContent;
  readonly multipart: boolean;
  /** For `stored`: the syntax it must be stored in; undefined for any. */
  readonly transferSyntaxUid?: string;
}

const { ExplicitVRLittleEndian, HTJ2KLosslessRPCL } = TRANSFER_SYNTAX;

/** How the client takes instances, best first (PS3.18 8.7.3.1, 8.7.3.4, 10.4.4). */
export function instanceRepresentations(accept: string): InstanceRepresentation[] {
  const ranges = dicomMediaRanges(accept);
  const refused = ranges.filter(({ quality }) => quality === 0).flatMap(representationsOf);
  return ranges
    .filter(({ quality }) => quality > 0)
    .flatMap(representationsOf)
    .filter(
      ({ content, transferSyntaxUid }) =>
        !refused.some((other) => other.content === content && other.transferSyntaxUid === transferSyntaxUid),
    );
}

function representationsOf({ type, transferSyntax, multipart }: DicomMediaRange): InstanceRepresentation[] {
  if (type === "*/*") return unspecified(true);
  if (type !== undefined && type !== "application/dicom" && type !== "application/*") return [];
  if (transferSyntax === undefined) return unspecified(multipart);
  if (transferSyntax === ExplicitVRLittleEndian) return [{ content: "explicit", multipart }];
  if (transferSyntax === "*") return [{ content: "stored", multipart }];
  const stored = { content: "stored", multipart, transferSyntaxUid: transferSyntax } as const;
  return transferSyntax === HTJ2KLosslessRPCL ? [{ content: "htj2k", multipart }, stored] : [stored];
}

/** Explicit VR Little Endian, the default of every web service (PS3.18 8.7.3.2); as stored what nobody decodes. */
function unspecified(multipart: boolean): InstanceRepresentation[] {
  return [
    { content: "explicit", multipart },
    { content: "stored", multipart },
  ];
}

/** The first of these that an instance can be given as. */
export function chooseInstanceRepresentation(
  representations: readonly InstanceRepresentation[],
  { rendered, transferSyntaxUid: storedIn }: Pick<KnownInstance, "rendered" | "transferSyntaxUid">,
): InstanceRepresentation | undefined {
  return representations.find(({ content, transferSyntaxUid }) => {
    if (content === "htj2k") return rendered;
    if (content === "explicit") return isDecodedByOrthanc(storedIn);
    return transferSyntaxUid === undefined || transferSyntaxUid === storedIn;
  });
}
