import { LRUCache } from "lru-cache";
import { frameMediaType } from "../dicom/frame-media-type.js";
import { TRANSFER_SYNTAX, compressionOf } from "../dicom/transfer-syntax.js";
import { dicomMediaRanges, type DicomMediaRange } from "./accept.js";

/** Frames as the HTJ2K rendition, as they are stored, or decoded (Explicit VR Little Endian). */
export type FrameContent = "htj2k" | "stored" | "decoded";

export interface FrameRepresentation {
  readonly content: FrameContent;
  readonly multipart: boolean;
  /** For `stored`: whether the syntax in which the frames are stored is acceptable. */
  readonly accepts: (transferSyntaxUid: string) => boolean;
}

const { ExplicitVRLittleEndian, HTJ2KLosslessRPCL } = TRANSFER_SYNTAX;
const anything = () => true;
const nothing = () => false;
const understood = new LRUCache<string, readonly FrameRepresentation[]>({ max: 500 });

/**
 * How the client takes frames, best first (PS3.18 8.7.3.3, 8.7.5; RFC 9110 12.5.1).
 * - Without a transfer syntax, application/octet-stream is Explicit VR Little Endian, the default of every web service
 *   (PS3.18 8.7.3.2); image/jphc is HTJ2K of any kind, and the rendition (.202) is one.
 * - `transfer-syntax=*` leaves the syntax to the server: the rendition, or as it is stored.
 * - Any other syntax, or media type of one, is answered where the frames are stored in it: nothing is compressed here on
 *   demand, and Orthanc is not asked to either (docs/dicomweb-conformance.md says why).
 */
export function frameRepresentations(accept: string): readonly FrameRepresentation[] {
  const known = understood.get(accept);
  if (known !== undefined) return known;
  const ranges = dicomMediaRanges(accept);
  const refused = ranges.filter(({ quality }) => quality === 0);
  const representations = ranges
    .filter(({ quality }) => quality > 0)
    .flatMap(representationsOf)
    .filter(({ content }) => !refused.some((range) => names(range, content)))
    .map((representation) =>
      refused.some((range) => names(range, "htj2k"))
        ? { ...representation, accepts: (uid: string) => !isHtj2k(uid) && representation.accepts(uid) }
        : representation,
    );
  understood.set(accept, representations);
  return representations;
}

function representationsOf({ type, transferSyntax, multipart }: DicomMediaRange): FrameRepresentation[] {
  const htj2k = { content: "htj2k", multipart, accepts: nothing } as const;
  const decoded = { content: "decoded", multipart, accepts: nothing } as const;
  const stored = (accepts: (transferSyntaxUid: string) => boolean) =>
    ({ content: "stored", multipart, accepts }) as const;
  const exactly = (uid: string) => stored((syntax) => syntax === uid);
  switch (type) {
    case "*/*":
      // Nothing is said of parts either: the default is several (PS3.18 table 10.4.1-4).
      return representationsOf({ type: undefined, transferSyntax, multipart: true, quality: 1 });
    case undefined:
    case "application/*":
    case "application/octet-stream":
      if (transferSyntax === undefined || transferSyntax === ExplicitVRLittleEndian) return [decoded];
      if (transferSyntax === "*") return [htj2k, stored(anything)];
      return transferSyntax === HTJ2KLosslessRPCL
        ? [htj2k, exactly(HTJ2KLosslessRPCL)]
        : [exactly(transferSyntax)];
    case "image/jphc":
      if (transferSyntax === undefined || transferSyntax === "*") return [htj2k, stored(isHtj2k)];
      return transferSyntax === HTJ2KLosslessRPCL
        ? [htj2k, exactly(HTJ2KLosslessRPCL)]
        : isHtj2k(transferSyntax)
          ? [exactly(transferSyntax)]
          : [];
    case "image/*":
      return [htj2k, stored((syntax) => frameMediaType(syntax)?.startsWith("image/") === true)];
    default:
      return [
        stored(
          (syntax) =>
            frameMediaType(syntax) === type.replace("image/x-", "image/") &&
            (transferSyntax === undefined || transferSyntax === "*" || transferSyntax === syntax),
        ),
      ];
  }
}

/** The first that can be had of this instance; undefined when none can. Nobody decodes stored HTJ2K (facts, 1). */
export function chooseRepresentation(
  representations: readonly FrameRepresentation[],
  frames: number,
  rendered: boolean,
  storedSyntax: string | undefined,
): FrameRepresentation | undefined {
  return representations.find(
    ({ content, multipart, accepts }) =>
      (multipart || frames === 1) &&
      (content === "htj2k"
        ? rendered
        : content === "decoded"
          ? storedSyntax === undefined || !isHtj2k(storedSyntax)
          : // Of an instance that is not known (yet) only those who leave the syntax open can be given anything.
            accepts(storedSyntax ?? "")),
  );
}

/** Whether a range of quality 0 means this content by name. */
function names({ type, transferSyntax }: DicomMediaRange, content: FrameContent): boolean {
  if (content === "htj2k") return type === "image/jphc" || transferSyntax === HTJ2KLosslessRPCL;
  return (
    content === "decoded" &&
    type === "application/octet-stream" &&
    (transferSyntax === undefined || transferSyntax === ExplicitVRLittleEndian)
  );
}

function isHtj2k(transferSyntaxUid: string): boolean {
  return compressionOf(transferSyntaxUid) === "htj2k";
}
