import type { DataSet } from "dicom-parser";
import { LeftOut } from "./chosen-file.js";
import { dicomText } from "./dicom-text.js";

/** Whose an instance is, as its file says: for people to look at before it is sent. The server reads it itself. */
export interface InstanceHeader {
  readonly sopInstanceUid: string;
  readonly studyInstanceUid: string;
  readonly seriesInstanceUid: string;
  /** undefined when it cannot be read in the character set it names. */
  readonly patientId: string | undefined;
  /** PN, as in the file (PS3.5 6.2.1); undefined as above. */
  readonly patientName: string | undefined;
  /** YYYYMMDD, or empty. */
  readonly studyDate: string;
  readonly studyDescription: string;
  readonly modality: string;
}

/** So much of a file is read at most for what stands before Series Instance UID. */
const LONGEST_HEADER = 2_000_000;
const FIRST_READ = 65_536;
const PREAMBLE = 128;
const MEDIA_STORAGE_DIRECTORY = "1.2.840.10008.1.3.10";
const DEFLATED = "1.2.840.10008.1.2.1.99";
const UID = /^[0-9.]{1,64}$/;

/**
 * Reads the beginning of a Part 10 file (PS3.10 7.1).
 *
 * @throws LeftOut
 */
export async function readInstanceHeader(file: Blob): Promise<InstanceHeader> {
  if (file.size === 0) throw new LeftOut("empty");
  const prefix = await bytesOf(file, PREAMBLE + 4);
  if (String.fromCharCode(...prefix.subarray(PREAMBLE)) !== "DICM") throw new LeftOut("not-dicom");
  for (let length = FIRST_READ; ; length = Math.min(length * 4, LONGEST_HEADER)) {
    const bytes = await bytesOf(file, length);
    try {
      return await headerIn(bytes);
    } catch (error) {
      if (error instanceof LeftOut) throw error;
      // The library says only that the bytes ran out: with more of them it may read on.
      if (length >= file.size || length === LONGEST_HEADER) throw new LeftOut("header-unreadable");
    }
  }
}

async function headerIn(bytes: Uint8Array<ArrayBuffer>): Promise<InstanceHeader> {
  const { default: dicomParser } = await import("dicom-parser");
  const meta = dicomParser.readPart10Header(bytes);
  if (meta.string("x00020002") === MEDIA_STORAGE_DIRECTORY) throw new LeftOut("directory-of-a-medium");
  const deflated = meta.string("x00020010") === DEFLATED;
  const whole = deflated ? await inflated(bytes, endOfMeta(meta)) : bytes;
  const dataSet = dicomParser.parseDicom(whole, {
    untilTag: "x0020000e",
    ...(deflated ? { inflater: () => whole } : {}),
  });
  const uid = (tag: string): string => {
    const value = dataSet.string(tag) ?? "";
    if (!UID.test(value)) throw new Error(`${tag} is missing or no UID`);
    return value;
  };
  const terms = dataSet.elements["x00080005"] === undefined ? "" : (dataSet.string("x00080005") ?? "");
  const read = (tag: string) => textOf(dataSet, tag, terms);
  return {
    sopInstanceUid: uid("x00080018"),
    studyInstanceUid: uid("x0020000d"),
    seriesInstanceUid: uid("x0020000e"),
    patientId: read("x00100020"),
    patientName: read("x00100010"),
    studyDate: read("x00080020") ?? "",
    studyDescription: read("x00081030") ?? "",
    modality: read("x00080060") ?? "",
  };
}

/** File Meta Information Group Length (0002,0000) counts from behind itself. */
function endOfMeta(meta: DataSet): number {
  const element = meta.elements["x00020000"];
  const length = meta.uint32("x00020000");
  if (element === undefined || length === undefined) throw new LeftOut("header-unreadable");
  return element.dataOffset + element.length + length;
}

function textOf(dataSet: DataSet, tag: string, terms: string): string | undefined {
  const element = dataSet.elements[tag];
  if (element === undefined) return "";
  return dicomText(
    dataSet.byteArray.subarray(element.dataOffset, element.dataOffset + element.length),
    terms,
  );
}

async function bytesOf(file: Blob, length: number): Promise<Uint8Array<ArrayBuffer>> {
  try {
    return new Uint8Array(await file.slice(0, length).arrayBuffer());
  } catch {
    // Removed, changed or locked since it was chosen.
    throw new LeftOut("unreadable");
  }
}

/** A deflated data set (PS3.5 A.5) behind its file meta information; as much as came out where the bytes end early. */
async function inflated(bytes: Uint8Array<ArrayBuffer>, from: number): Promise<Uint8Array> {
  const stream = new Blob([bytes.subarray(from)]).stream();
  const reader = stream.pipeThrough(new DecompressionStream("deflate-raw")).getReader();
  const pieces: Uint8Array<ArrayBuffer>[] = [bytes.subarray(0, from)];
  let length = 0;
  try {
    while (length < LONGEST_HEADER) {
      const { done, value } = await reader.read();
      if (done) break;
      pieces.push(value);
      length += value.byteLength;
    }
    await reader.cancel();
  } catch {
    // Cut off where the reading stopped: what came out says whether it is enough.
  }
  return new Uint8Array(await new Blob(pieces).arrayBuffer());
}
