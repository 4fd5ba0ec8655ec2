import { randomInt } from "node:crypto";
import { fileURLToPath } from "node:url";

const DEMO = fileURLToPath(new URL("../../sidecar/dist/phantom/demo-study.js", import.meta.url));
const DEMO_CT = fileURLToPath(new URL("../../sidecar/dist/phantom/demo-ct.js", import.meta.url));
const DIGITS = 12;

/**
 * @typedef {object} Image
 * @property {Uint8Array} bytes  a Part 10 file
 * @property {string} studyInstanceUid
 * @property {string} seriesInstanceUid
 * @property {string} sopInstanceUid
 */

/** @param {object} options of createDemoStudy @returns {Promise<Image[]>} */
export async function phantomImages(options) {
  const { createDemoStudy } = await import(DEMO);
  return createDemoStudy(options);
}

/** @param {object} options of createDemoCt @returns {Promise<Image[]>} */
export async function demoCt(options) {
  const { createDemoCt } = await import(DEMO_CT);
  return createDemoCt(options);
}

/**
 * The same image as another instance: the last digits of its SOP Instance UID are replaced wherever they stand.
 *
 * @param {Image} image
 * @returns {Image}
 */
export function anotherInstance(image) {
  const digits = Array.from({ length: DIGITS }, () => randomInt(1, 10)).join("");
  const sopInstanceUid = image.sopInstanceUid.slice(0, -DIGITS) + digits;
  const bytes = Buffer.from(image.bytes);
  for (
    let at = bytes.indexOf(image.sopInstanceUid);
    at >= 0;
    at = bytes.indexOf(image.sopInstanceUid, at + 1)
  )
    bytes.write(sopInstanceUid, at, "latin1");
  return { ...image, sopInstanceUid, bytes };
}

/** Modality (0008,0060), Explicit VR Little Endian, two letters. */
const MODALITY = Buffer.from([0x08, 0x00, 0x60, 0x00, 0x43, 0x53, 0x02, 0x00]);

/**
 * The same image said to be of another modality, so that no model applies to it.
 *
 * @param {Image} image
 * @param {string} modality two letters
 * @returns {Image}
 */
export function ofModality(image, modality) {
  const bytes = Buffer.from(image.bytes);
  bytes.write(modality, bytes.indexOf(MODALITY) + MODALITY.length, "latin1");
  return { ...image, bytes };
}
