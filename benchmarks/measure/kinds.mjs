import { randomInt } from "node:crypto";

/**
 * @typedef {object} Kind  what a modality's images are like
 * @property {string} modality
 * @property {string} sopClassUid
 * @property {number} rows
 * @property {number} columns
 * @property {1 | 3} samplesPerPixel
 * @property {8 | 16} bitsAllocated
 * @property {number} bitsStored
 */

/** @satisfies {Readonly<Record<string, Kind>>} */
export const KINDS = {
  ct: {
    modality: "CT",
    sopClassUid: "1.2.840.10008.5.1.4.1.1.2",
    rows: 512,
    columns: 512,
    samplesPerPixel: 1,
    bitsAllocated: 16,
    bitsStored: 16,
  },
  mr: {
    modality: "OT",
    sopClassUid: "1.2.840.10008.5.1.4.1.1.4",
    rows: 256,
    columns: 256,
    samplesPerPixel: 1,
    bitsAllocated: 16,
    bitsStored: 12,
  },
  mammography: {
    modality: "MG",
    sopClassUid: "1.2.840.10008.5.1.4.1.1.1.2",
    rows: 3328,
    columns: 2560,
    samplesPerPixel: 1,
    bitsAllocated: 16,
    bitsStored: 12,
  },
  ultrasound: {
    modality: "US",
    sopClassUid: "1.2.840.10008.5.1.4.1.1.6.1",
    rows: 600,
    columns: 800,
    samplesPerPixel: 3,
    bitsAllocated: 8,
    bitsStored: 8,
  },
};

/** @param {Kind} kind */
export function bytesOf({ rows, columns, samplesPerPixel, bitsAllocated }) {
  return (rows * columns * samplesPerPixel * bitsAllocated) / 8;
}

/**
 * Samples as such an image has them: dark surroundings, a body with soft structures, noise as strong as in practice.
 *
 * @param {Kind} kind
 * @param {number} seed
 * @returns {Buffer}
 */
export function samplesOf(kind, seed) {
  const { rows, columns, samplesPerPixel, bitsAllocated, bitsStored } = kind;
  const scale = 2 ** Math.min(bitsStored, 12);
  const samples =
    bitsAllocated === 8
      ? new Uint8Array(rows * columns * samplesPerPixel)
      : new Uint16Array(rows * columns * samplesPerPixel);
  let state = seed || 1;
  const noise = () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state / 2 ** 32;
  };
  for (let row = 0, at = 0; row < rows; row += 1) {
    const y = (2 * row) / rows - 1;
    for (let column = 0; column < columns; column += 1) {
      const x = (2 * column) / columns - 1;
      const within = x * x + y * y < 0.6;
      const structure = 0.45 + 0.2 * Math.sin(9 * x + seed) * Math.cos(7 * y) + 0.1 * Math.sin(31 * x * y);
      const value = within ? structure + 0.02 * noise() : 0.01 + 0.01 * noise();
      const sample = Math.max(0, Math.min(scale - 1, Math.round(value * scale)));
      for (let component = 0; component < samplesPerPixel; component += 1) samples[at++] = sample;
    }
  }
  return Buffer.from(samples.buffer);
}

/**
 * Part 10 files of the kind (Explicit VR Little Endian), pixels at their end.
 *
 * @param {Kind} kind
 * @param {{ count: number, pixels: readonly Buffer[] }} options pixels are taken in turn
 * @returns {import("./images.mjs").Image[]}
 */
export function imagesOf(kind, { count, pixels }) {
  const [studyInstanceUid, seriesInstanceUid] = [uid(), uid()];
  return Array.from({ length: count }, (_, index) => {
    const sopInstanceUid = uid();
    const samples = /** @type {Buffer} */ (pixels[index % pixels.length]);
    const bytes = part10(kind, { studyInstanceUid, seriesInstanceUid, sopInstanceUid }, index + 1, samples);
    return { bytes, studyInstanceUid, seriesInstanceUid, sopInstanceUid };
  });
}

function uid() {
  return `2.25.${randomInt(1, 2 ** 47)}${randomInt(1, 2 ** 47)}`;
}

/**
 * @param {Kind} kind
 * @param {{ studyInstanceUid: string, seriesInstanceUid: string, sopInstanceUid: string }} uids
 * @param {number} number
 * @param {Buffer} samples
 */
function part10(kind, { studyInstanceUid, seriesInstanceUid, sopInstanceUid }, number, samples) {
  const { modality, sopClassUid, rows, columns, samplesPerPixel, bitsAllocated, bitsStored } = kind;
  const meta = Buffer.concat([
    text(0x00020002, "UI", sopClassUid),
    text(0x00020003, "UI", sopInstanceUid),
    text(0x00020010, "UI", "1.2.840.10008.1.2.1"),
  ]);
  const length = Buffer.alloc(4);
  length.writeUInt32LE(meta.byteLength);
  return Buffer.concat([
    Buffer.alloc(128),
    Buffer.from("DICM"),
    element(0x00020000, "UL", length),
    meta,
    text(0x00080016, "UI", sopClassUid),
    text(0x00080018, "UI", sopInstanceUid),
    text(0x00080060, "CS", modality),
    text(0x00100010, "PN", "Bench^Mark"),
    text(0x00100020, "LO", "BENCH"),
    text(0x0020000d, "UI", studyInstanceUid),
    text(0x0020000e, "UI", seriesInstanceUid),
    text(0x00200013, "IS", String(number)),
    short(0x00280002, samplesPerPixel),
    text(0x00280004, "CS", samplesPerPixel === 3 ? "RGB" : "MONOCHROME2"),
    ...(samplesPerPixel === 3 ? [short(0x00280006, 0)] : []),
    short(0x00280010, rows),
    short(0x00280011, columns),
    short(0x00280100, bitsAllocated),
    short(0x00280101, bitsStored),
    short(0x00280102, bitsStored - 1),
    short(0x00280103, 0),
    element(0x7fe00010, bitsAllocated === 8 ? "OB" : "OW", samples),
  ]);
}

/** @param {number} tag @param {string} vr @param {string} value */
function text(tag, vr, value) {
  const padding = value.length % 2 === 0 ? "" : vr === "UI" ? "\0" : " ";
  return element(tag, vr, Buffer.from(value + padding, "latin1"));
}

/** @param {number} tag @param {number} value */
function short(tag, value) {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16LE(value);
  return element(tag, "US", bytes);
}

/** @param {number} tag @param {string} vr @param {Buffer} value */
function element(tag, vr, value) {
  const long = vr === "OB" || vr === "OW";
  const header = Buffer.alloc(long ? 12 : 8);
  header.writeUInt16LE(tag >>> 16, 0);
  header.writeUInt16LE(tag & 0xffff, 2);
  header.write(vr, 4, "latin1");
  if (long) header.writeUInt32LE(value.byteLength, 8);
  else header.writeUInt16LE(value.byteLength, 6);
  return Buffer.concat([header, value]);
}
