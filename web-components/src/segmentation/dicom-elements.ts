import type { DataSet } from "dicom-parser";

/** Value representations whose length has four bytes, behind two that are reserved (PS3.5 7.1.2). */
const LONG = new Set(["OB", "OD", "OF", "OL", "OV", "OW", "SQ", "SV", "UC", "UN", "UR", "UT", "UV"]);

/** Elements in Explicit VR Little Endian with their headers, by tag as eight hexadecimal digits. */
export type Elements = Map<string, Uint8Array>;

/** @param value of even length */
export function element(tag: string, vr: string, value: Uint8Array): [string, Uint8Array] {
  const isLong = LONG.has(vr);
  const bytes = new Uint8Array((isLong ? 12 : 8) + value.byteLength);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, Number.parseInt(tag.slice(0, 4), 16), true);
  view.setUint16(2, Number.parseInt(tag.slice(4), 16), true);
  bytes.set([vr.charCodeAt(0), vr.charCodeAt(1)], 4);
  if (isLong) view.setUint32(8, value.byteLength, true);
  else view.setUint16(6, value.byteLength, true);
  bytes.set(value, isLong ? 12 : 8);
  return [tag, bytes];
}

/** @param text in ASCII; UIDs are padded with zero, others with a space (PS3.5 6.2) */
export function text(tag: string, vr: string, value: string): [string, Uint8Array] {
  const padded = value.length % 2 === 0 ? value : value + (vr === "UI" ? "\0" : " ");
  return element(tag, vr, new TextEncoder().encode(padded));
}

export function unsignedShort(tag: string, value: number): [string, Uint8Array] {
  return element(tag, "US", Uint8Array.of(value & 255, value >> 8));
}

export function unsignedLongs(tag: string, values: readonly number[]): [string, Uint8Array] {
  const bytes = new Uint8Array(values.length * 4);
  values.forEach((value, at) => new DataView(bytes.buffer).setUint32(at * 4, value, true));
  return element(tag, "UL", bytes);
}

/** A sequence whose items have their lengths (PS3.5 7.5). */
export function sequence(tag: string, items: readonly Elements[]): [string, Uint8Array] {
  const encoded = items.map((item) => {
    const content = join(item);
    const header = new Uint8Array(8);
    new DataView(header.buffer).setUint16(0, 0xfffe, true);
    new DataView(header.buffer).setUint16(2, 0xe000, true);
    new DataView(header.buffer).setUint32(4, content.byteLength, true);
    return concatenate([header, content]);
  });
  return element(tag, "SQ", concatenate(encoded));
}

/** The elements of a data set or item with their values as they are in its file; sequences get lengths where they had none. */
export function elementsOf({ elements, byteArray }: DataSet): Elements {
  return new Map(
    Object.values(elements).map(({ tag, vr = "UN", dataOffset, length, items }) => {
      const name = tag.slice(1);
      if (vr === "SQ")
        return sequence(
          name,
          (items ?? []).map(({ dataSet }) => (dataSet === undefined ? new Map() : elementsOf(dataSet))),
        );
      return element(name, vr, Uint8Array.from(byteArray.subarray(dataOffset, dataOffset + length)));
    }),
  );
}

/** One after the other in the order of their tags. */
export function join(elements: Elements): Uint8Array<ArrayBuffer> {
  return concatenate(
    [...elements].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, bytes]) => bytes),
  );
}

export function concatenate(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(parts.reduce((sum, { byteLength }) => sum + byteLength, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.byteLength;
  }
  return all;
}
