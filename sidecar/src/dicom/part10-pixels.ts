import type { Element } from "dicom-parser";
import { DataSet } from "./data-set.js";
import { elementsUntil, startOfMeta, textOf } from "./part10-elements.js";
import { TRANSFER_SYNTAX, isNativeLittleEndian } from "./transfer-syntax.js";

/** What a file says of its pixels, and the pixels, without copying them. */
export interface NativePixels {
  /** Attributes of the Image Pixel module alone (PS3.3 C.7.6.3). */
  readonly dataSet: DataSet;
  /** The value of Pixel Data, little endian. */
  readonly pixelData: Uint8Array;
}

const PIXEL_DATA = 0x7fe00010;
const LAST_OF_META = 0x0002ffff;
const TRANSFER_SYNTAX_UID = 0x00020010;

/** Attributes by how their value is written (PS3.6); each has one value. */
const NUMBERS = [0x00280002, 0x00280006, 0x00280010, 0x00280011, 0x00280100, 0x00280101, 0x00280103];
const TEXTS = [0x00280004, 0x00280008];

/**
 * Reads a little endian, uncompressed Part 10 file in one go.
 * @returns undefined for anything else, and whatever is not plain: the archive's own reading decides then
 */
export function readNativePixels(file: Uint8Array, transferSyntaxUid: string): NativePixels | undefined {
  if (!isNativeLittleEndian(transferSyntaxUid)) return undefined;
  const explicit = transferSyntaxUid === TRANSFER_SYNTAX.ExplicitVRLittleEndian;
  const stream = startOfMeta(file);
  if (stream === undefined) return undefined;
  try {
    const meta = elementsUntil(stream, "explicit", LAST_OF_META);
    if (textOf(file, meta.get(TRANSFER_SYNTAX_UID)) !== transferSyntaxUid) return undefined;
    const elements = elementsUntil(stream, explicit ? "explicit" : "implicit", PIXEL_DATA);
    const pixelData = elements.get(PIXEL_DATA);
    if (pixelData === undefined || pixelData.hadUndefinedLength === true) return undefined;
    return {
      dataSet: imagePixelModule(file, elements),
      pixelData: file.subarray(pixelData.dataOffset, pixelData.dataOffset + pixelData.length),
    };
  } catch {
    return undefined;
  }
}

function imagePixelModule(file: Uint8Array, elements: ReadonlyMap<number, Element>): DataSet {
  const values: [number, string][] = [[PIXEL_DATA, "pixels"]];
  for (const tag of NUMBERS) {
    const element = elements.get(tag);
    if (element === undefined) continue;
    const [low, high] = [file[element.dataOffset], file[element.dataOffset + 1]];
    // Anything but one unsigned short is no such attribute: it counts as not stated.
    if (element.length === 2 && low !== undefined && high !== undefined)
      values.push([tag, String(low | (high << 8))]);
  }
  for (const tag of TEXTS) {
    const element = elements.get(tag);
    if (element !== undefined) values.push([tag, textOf(file, element)]);
  }
  return DataSet.fromOrthancTags(
    Object.fromEntries(
      values.map(([tag, Value]) => [tag.toString(16).padStart(8, "0"), { Type: "String", Value }]),
    ),
  );
}
