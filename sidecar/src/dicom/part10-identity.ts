import dicomParser, { type Element } from "dicom-parser";
import { createInflateRaw } from "node:zlib";
import { decodeText } from "./character-set.js";
import {
  ElementOrderError,
  elementsUntil,
  startOfMeta,
  textOf,
  valueOf,
  withoutPadding,
} from "./part10-elements.js";
import type { PatientIdentity } from "./patient-key.js";
import { TRANSFER_SYNTAX } from "./transfer-syntax.js";
import { isReadableUid, type Uid } from "./uid.js";

/** Whose an instance is, by its own data set. */
export interface InstanceIdentity {
  readonly sopClassUid: string;
  readonly sopInstanceUid: Uid;
  readonly studyInstanceUid: Uid;
  readonly seriesInstanceUid: Uid;
  /** undefined when its text is not in the character set it names. */
  readonly patient: PatientIdentity | undefined;
}

/** A file that is no Part 10 file, or whose identifying attributes cannot be read in one way only. */
export class HeaderError extends Error {
  override readonly name = "HeaderError";
}

/** The identifying attributes stand before Series Instance UID; so much of a file is read for them at most. */
const LONGEST_HEADER = 2_000_000;
const FIRST_READ = 65_536;
const LAST_ELEMENT = 0x0020000e;

/** Reads bytes of a file; fewer at its end. */
export type ReadBytes = (position: number, length: number) => Promise<Uint8Array>;

/**
 * Whose the Part 10 file (PS3.10 7.1) is. Elements must ascend, each once, as PS3.5 7.1 wants it: where they do not,
 * two readers could see two patients.
 * @throws HeaderError
 */
export async function readInstanceIdentity(read: ReadBytes): Promise<InstanceIdentity> {
  for (let length = FIRST_READ; ; length = Math.min(length * 4, LONGEST_HEADER)) {
    const bytes = await read(0, length);
    try {
      return await identityIn(bytes);
    } catch (error) {
      if (error instanceof ElementOrderError) throw new HeaderError("its elements do not ascend");
      // The library says only that the bytes ran out, or nothing at all: with more of them it may read on.
      if (error instanceof HeaderError || bytes.length < length || length === LONGEST_HEADER) {
        throw error instanceof HeaderError ? error : new HeaderError("its header cannot be read");
      }
    }
  }
}

async function identityIn(file: Uint8Array): Promise<InstanceIdentity> {
  const meta = startOfMeta(file);
  if (meta === undefined) throw new HeaderError("it is not a DICOM file");
  const syntax = textOf(file, elementsUntil(meta, "explicit", 0x0002ffff).get(0x00020010));
  const isDeflated = syntax === TRANSFER_SYNTAX.DeflatedExplicitVRLittleEndian;
  const bytes = isDeflated ? await inflated(file.subarray(meta.position)) : file;
  const parser =
    syntax === TRANSFER_SYNTAX.ExplicitVRBigEndian
      ? dicomParser.bigEndianByteArrayParser
      : dicomParser.littleEndianByteArrayParser;
  const stream = new dicomParser.ByteStream(parser, bytes, isDeflated ? 0 : meta.position);
  const encoding = syntax === TRANSFER_SYNTAX.ImplicitVRLittleEndian ? "implicit" : "explicit";
  const elements = elementsUntil(stream, encoding, LAST_ELEMENT);
  const uid = (tag: number, name: string): Uid => {
    const text = textOf(bytes, elements.get(tag));
    if (!isReadableUid(text)) throw new HeaderError(`its ${name} is missing or no UID`);
    return text;
  };
  return {
    sopClassUid: textOf(bytes, elements.get(0x00080016)),
    sopInstanceUid: uid(0x00080018, "SOP Instance UID"),
    studyInstanceUid: uid(0x0020000d, "Study Instance UID"),
    seriesInstanceUid: uid(0x0020000e, "Series Instance UID"),
    patient: patientIn(bytes, elements),
  };
}

function patientIn(bytes: Uint8Array, elements: Map<number, Element>): PatientIdentity | undefined {
  const terms = textOf(bytes, elements.get(0x00080005))
    .split("\\")
    .map((term) => term.trim());
  const [patientId, issuerOfPatientId] = [0x00100020, 0x00100021].map((tag) => {
    const text = decodeText(withoutPadding(valueOf(bytes, elements.get(tag))), terms);
    return text?.trim();
  });
  if (patientId === undefined || issuerOfPatientId === undefined) return undefined;
  return { patientId, issuerOfPatientId };
}

/** The beginning of a deflated data set (PS3.5 A.5): as much as the header may have, however much there is. */
async function inflated(deflated: Uint8Array): Promise<Uint8Array> {
  const inflate = createInflateRaw();
  inflate.on("error", () => undefined);
  inflate.end(deflated);
  const pieces: Buffer[] = [];
  let length = 0;
  try {
    for await (const piece of inflate as AsyncIterable<Buffer>) {
      pieces.push(piece);
      length += piece.length;
      if (length >= LONGEST_HEADER) break;
    }
  } catch {
    // Cut off where the reading stopped, or broken: what came out says whether it is enough.
  }
  return Buffer.concat(pieces).subarray(0, LONGEST_HEADER);
}
