import dicomParser, { type ByteStream, type Element } from "dicom-parser";

const PREAMBLE = 128;

/** Elements do not ascend, each once, as PS3.5 7.1 wants it: two readers could see two values. */
export class ElementOrderError extends Error {
  override readonly name = "ElementOrderError";
}

/** Where the file meta information (PS3.10 7.1) begins; undefined when it is no Part 10 file, or nothing follows. */
export function startOfMeta(file: Uint8Array): ByteStream | undefined {
  // For the parser a stream of nothing is an error, which it throws as text.
  if (file.byteLength <= PREAMBLE + 4) return undefined;
  if (Buffer.from(file.subarray(PREAMBLE, PREAMBLE + 4)).toString("latin1") !== "DICM") return undefined;
  return new dicomParser.ByteStream(dicomParser.littleEndianByteArrayParser, file, PREAMBLE + 4);
}

/**
 * Reads elements up to the last tag wanted; the stream is left before the first one beyond it.
 * @throws ElementOrderError; RangeError when the bytes end before that
 */
export function elementsUntil(
  stream: ByteStream,
  encoding: "explicit" | "implicit",
  last: number,
): Map<number, Element> {
  const elements = new Map<number, Element>();
  let previous = -1;
  while (stream.position < stream.byteArray.length) {
    const tag = stream.byteArrayParser.readUint16(stream.byteArray, stream.position) * 0x10000;
    const number = tag + stream.byteArrayParser.readUint16(stream.byteArray, stream.position + 2);
    if (number > last) return elements;
    if (number <= previous) throw new ElementOrderError("the elements do not ascend");
    const element =
      encoding === "explicit"
        ? dicomParser.readDicomElementExplicit(stream)
        : dicomParser.readDicomElementImplicit(stream);
    if (stream.position > stream.byteArray.length) throw new RangeError("the bytes ran out");
    elements.set(number, element);
    previous = number;
  }
  // The end of what was read is not the end of what is wanted.
  if (elements.has(last)) return elements;
  throw new RangeError("the bytes ran out");
}

/** Nothing for an element that is not there. */
export function valueOf(bytes: Uint8Array, element: Element | undefined): Uint8Array {
  return element === undefined
    ? new Uint8Array()
    : bytes.subarray(element.dataOffset, element.dataOffset + element.length);
}

/** Text of the default repertoire, without its padding. */
export function textOf(bytes: Uint8Array, element: Element | undefined): string {
  return Buffer.from(withoutPadding(valueOf(bytes, element)))
    .toString("latin1")
    .trim();
}

/** Spaces or NULs at the end (PS3.5 6.2, 9.1). */
export function withoutPadding(value: Uint8Array): Uint8Array {
  let end = value.length;
  while (end > 0 && (value[end - 1] === 0 || value[end - 1] === 0x20)) end -= 1;
  return value.subarray(0, end);
}
