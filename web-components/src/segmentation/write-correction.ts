import { parseDicom, type DataSet } from "dicom-parser";
import {
  concatenate,
  element,
  elementsOf,
  join,
  sequence,
  text,
  unsignedLongs,
  unsignedShort,
  type Elements,
} from "./dicom-elements.js";
import type { EditedPlane, EditedSegmentation } from "./edited-segmentation.js";
import { SegmentationUnreadable } from "./read-segmentation.js";
import { randomUid } from "./random-uid.js";

const EXPLICIT_VR_LITTLE_ENDIAN = "1.2.840.10008.1.2.1";

/**
 * Whether a correction of this segmentation can be written: it is BINARY and in Explicit VR Little Endian, as this program
 * writes them. What an attention map says is not a person's to draw.
 */
export function canCorrect(original: Uint8Array): boolean {
  const dataSet = parseDicom(original);
  return (
    dataSet.string("x00020010") === EXPLICIT_VR_LITTLE_ENDIAN && dataSet.string("x00620001") === "BINARY"
  );
}

/**
 * A BINARY segmentation (PS3.3 A.51) of what a person made of another: a frame for each segment and image that has any of
 * it, its segments SEMIAUTOMATIC. Everything else is the original's, byte by byte.
 * @param original a Part 10 file
 * @throws SegmentationUnreadable when the original cannot be corrected, nothing is left, or an image has no position
 */
export function writeCorrection(
  original: Uint8Array,
  edited: EditedSegmentation,
  newUid: () => string = randomUid,
): Uint8Array<ArrayBuffer> {
  if (!canCorrect(original)) throw new SegmentationUnreadable("only BINARY segmentations are corrected");
  const dataSet = parseDicom(original);
  const all = elementsOf(dataSet);
  const isMeta = (tag: string) => tag.startsWith("0002");
  const frames = framesOf(edited);
  if (frames.length === 0) throw new SegmentationUnreadable("nothing is segmented");
  const uid = newUid();
  const content = new Map([...all].filter(([tag]) => !isMeta(tag)));
  for (const [tag, bytes] of [
    text("00080018", "UI", uid),
    text("0020000e", "UI", newUid()),
    text("00280008", "IS", String(frames.length)),
    sequence(
      "00620002",
      (dataSet.elements["x00620002"]?.items ?? []).map(({ dataSet: item }) => byPerson(item)),
    ),
    sequence(
      "52009230",
      frames.map((frame) => groupsOf(frame)),
    ),
    element("7fe00010", "OB", pack(frames)),
  ])
    content.set(tag, bytes);
  const meta = new Map([...all].filter(([tag]) => isMeta(tag) && tag !== "00020000"));
  meta.set(...text("00020003", "UI", uid));
  const header = join(meta);
  const preamble = new Uint8Array(132);
  preamble.set(new TextEncoder().encode("DICM"), 128);
  return concatenate([preamble, unsignedLongs("00020000", [header.byteLength])[1], header, join(content)]);
}

interface Frame {
  readonly plane: EditedPlane;
  readonly segment: number;
  /** From 1: which image of those that have something. */
  readonly position: number;
}

function framesOf({ planes, segments }: EditedSegmentation): Frame[] {
  const marked = planes.filter(({ labels }) => labels.some((label) => label !== 0));
  return segments.flatMap(({ number }) =>
    marked.flatMap((plane, at) =>
      plane.labels.includes(number) ? [{ plane, segment: number, position: at + 1 }] : [],
    ),
  );
}

/** A person had a hand in the segment (PS3.3 C.8.20.2.3). */
function byPerson(item: DataSet | undefined): Elements {
  const elements: Elements = item === undefined ? new Map<string, Uint8Array>() : elementsOf(item);
  elements.set(...text("00620008", "CS", "SEMIAUTOMATIC"));
  return elements;
}

/** Functional groups of a frame (PS3.3 C.7.6.16.2, C.8.20.3): its segment, its place, and the image it is on. */
function groupsOf({ plane: { image }, segment, position }: Frame): Elements {
  if (image.position === undefined) throw new SegmentationUnreadable("an image does not say where it is");
  const code = (value: string, meaning: string) =>
    new Map([text("00080100", "SH", value), text("00080102", "SH", "DCM"), text("00080104", "LO", meaning)]);
  const source = new Map([
    text("00081150", "UI", image.sopClassUid),
    text("00081155", "UI", image.sopInstanceUid),
    ...(image.metadata["52009230"] === undefined ? [] : [text("00081160", "IS", String(image.frameNumber))]),
    text("0028135a", "CS", "YES"),
    sequence("0040a170", [code("121322", "Source image for image processing operation")]),
  ]);
  return new Map([
    sequence("00089124", [
      new Map([sequence("00082112", [source]), sequence("00089215", [code("113076", "Segmentation")])]),
    ]),
    sequence("00209111", [new Map([unsignedLongs("00209157", [segment, position])])]),
    sequence("00209113", [new Map([text("00200032", "DS", image.position.map(decimalString).join("\\"))])]),
    sequence("0062000a", [new Map([unsignedShort("0062000b", segment)])]),
  ]);
}

/** At most 16 characters (PS3.5 6.2). */
function decimalString(value: number): string {
  for (let digits = 15; digits > 8; digits -= 1) {
    const shortened = String(Number(value.toPrecision(digits)));
    if (shortened.length <= 16) return shortened;
  }
  return value.toExponential(8);
}

/** Bits of all frames as one stream, the first pixel in the lowest bit, padded to even length (PS3.5 8.1.1, 8.2). */
function pack(frames: readonly Frame[]): Uint8Array {
  const pixels = frames[0]?.plane.labels.length ?? 0;
  const bytes = new Uint8Array(Math.ceil((frames.length * pixels) / 16) * 2);
  frames.forEach(({ plane, segment }, index) => {
    plane.labels.forEach((label, at) => {
      const bit = index * pixels + at;
      if (label === segment) bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) | (1 << (bit & 7));
    });
  });
  return bytes;
}
