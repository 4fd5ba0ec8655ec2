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
 * The same image as another instance.
 *
 * @param {Image} image
 * @returns {Image}
 */
export function anotherInstance(image) {
  const sopInstanceUid = endingIn(image.sopInstanceUid, randomDigits());
  return { ...image, sopInstanceUid, bytes: renamed(image.bytes, image.sopInstanceUid, sopInstanceUid) };
}

/**
 * The same images as other instances, in another series of another study.
 *
 * @param {readonly Image[]} images of one series
 * @returns {Image[]}
 */
export function anotherStudy(images) {
  const digits = randomDigits();
  return images.map((image) => {
    const studyInstanceUid = endingIn(image.studyInstanceUid, digits);
    const seriesInstanceUid = endingIn(image.seriesInstanceUid, digits);
    const inStudy = renamed(image.bytes, image.studyInstanceUid, studyInstanceUid);
    const bytes = renamed(inStudy, image.seriesInstanceUid, seriesInstanceUid);
    return anotherInstance({ ...image, studyInstanceUid, seriesInstanceUid, bytes });
  });
}

function randomDigits() {
  return Array.from({ length: DIGITS }, () => randomInt(1, 10)).join("");
}

/** @param {string} uid @param {string} digits */
function endingIn(uid, digits) {
  return uid.slice(0, -DIGITS) + digits;
}

/** A UID is replaced by one as long wherever it stands. @param {Uint8Array} bytes @param {string} uid @param {string} by */
function renamed(bytes, uid, by) {
  const copy = Buffer.from(bytes);
  for (let at = copy.indexOf(uid); at >= 0; at = copy.indexOf(uid, at + 1)) copy.write(by, at, "latin1");
  return copy;
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
