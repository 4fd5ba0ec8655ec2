import dcmjs from "dcmjs";
import { derivedUid } from "../dicom/uid.js";
import { TRANSFER_SYNTAX } from "../dicom/transfer-syntax.js";

/**
 * A data set by PS3.6 keywords. A string may hold several values separated by a backslash; `null` writes an empty
 * (Type 2) attribute, `undefined` none; an array of objects is a sequence; bytes are little endian.
 */
export interface DicomObject {
  readonly [keyword: string]: DicomValue | undefined;
}
export type DicomValue =
  string | number | null | Uint8Array | readonly string[] | readonly number[] | readonly DicomObject[];

/** PS3.7 D.3.3.2: tells which program wrote a file, not who made the content. */
const IMPLEMENTATION_CLASS_UID = derivedUid("neuronova", "implementation class");
const IMPLEMENTATION_VERSION_NAME = "NEURONOVA";

interface Element {
  vr: string;
  Value: readonly unknown[];
}

/**
 * Encodes a data set as a Part 10 file (PS3.10) in Explicit VR Little Endian, text in UTF-8: the data set has to say
 * Specific Character Set ISO_IR 192. The same data set gives the same bytes.
 * @throws TypeError for a keyword that PS3.6 does not have, or a data set without SOP Class or Instance UID
 */
export function writePart10File(dataSet: DicomObject): Uint8Array<ArrayBuffer> {
  const { SOPClassUID, SOPInstanceUID, SpecificCharacterSet } = dataSet;
  if (typeof SOPClassUID !== "string" || typeof SOPInstanceUID !== "string") {
    throw new TypeError("a Part 10 file needs a SOP Class UID and a SOP Instance UID");
  }
  if (SpecificCharacterSet !== "ISO_IR 192") throw new TypeError("the text of a Part 10 file is UTF-8 here");
  const file = new dcmjs.data.DicomDict(
    elements({
      FileMetaInformationVersion: Uint8Array.of(0, 1),
      MediaStorageSOPClassUID: SOPClassUID,
      MediaStorageSOPInstanceUID: SOPInstanceUID,
      TransferSyntaxUID: TRANSFER_SYNTAX.ExplicitVRLittleEndian,
      ImplementationClassUID: IMPLEMENTATION_CLASS_UID,
      ImplementationVersionName: IMPLEMENTATION_VERSION_NAME,
    }),
  );
  file.dict = elements(dataSet);
  // Identity is copied verbatim from the source, even where the source breaks the limits of its VR.
  return new Uint8Array(file.write({ allowInvalidVRLength: true }));
}

/** A number as a Decimal String: at most 16 characters (PS3.5 6.2). */
export function decimalString(value: number): string {
  if (!Number.isFinite(value)) throw new RangeError("a decimal string holds a finite number");
  for (let digits = 15; digits > 0; digits--) {
    const rounded = Number(value.toPrecision(digits));
    const texts = [rounded.toString(), rounded.toExponential()];
    const text = texts.find(({ length }) => length <= 16);
    if (text !== undefined) return text;
  }
  throw new RangeError("unreachable: one digit always fits");
}

function elements(dataSet: DicomObject): Record<string, Element> {
  const encoded: Record<string, Element> = {};
  for (const [keyword, value] of Object.entries(dataSet)) {
    if (value === undefined) continue;
    const entry = dcmjs.data.DicomMetaDictionary.nameMap[keyword];
    if (entry === undefined) throw new TypeError(`PS3.6 has no attribute ${keyword}`);
    const tag = entry.tag.replace(/[(),]/g, "").toUpperCase();
    encoded[tag] = element(keyword, valueRepresentation(entry.vr, dataSet), value);
  }
  return encoded;
}

function element(keyword: string, vr: string, value: DicomValue): Element {
  if (value === null) return { vr, Value: [] };
  if (value instanceof Uint8Array) return { vr, Value: [value.slice().buffer] };
  const values: readonly unknown[] = Array.isArray(value) ? value : [value];
  if (vr === "SQ") {
    if (!values.every((item) => typeof item === "object")) throw new TypeError(`${keyword} is a sequence`);
    return { vr, Value: values.map((item) => elements(item as DicomObject)) };
  }
  if (vr === "DS")
    return { vr, Value: values.map((item) => (typeof item === "number" ? decimalString(item) : item)) };
  if (vr === "IS") return { vr, Value: values.map(String) };
  return { vr, Value: values };
}

/** PS3.5 A.2: pixel data up to 8 bits is OB, above OW; `xs` follows Pixel Representation. */
function valueRepresentation(vr: string, dataSet: DicomObject): string {
  if (vr === "ox") return Number(dataSet["BitsAllocated"]) > 8 ? "OW" : "OB";
  if (vr === "xs") return dataSet["PixelRepresentation"] === 1 ? "SS" : "US";
  return vr;
}
