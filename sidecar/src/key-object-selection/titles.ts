import type { CodedConcept } from "../segmentation/coded-concept.js";

const dcm = (value: string, meaning: string): CodedConcept => ({ value, scheme: "DCM", meaning });

/** Document Titles (PS3.16 CID 7010) that a reader chooses from, by their code values. */
export const KEY_IMAGE_TITLES = {
  "113000": dcm("113000", "Of Interest"),
  "113002": dcm("113002", "For Referring Provider"),
  "113003": dcm("113003", "For Surgery"),
  "113004": dcm("113004", "For Teaching"),
  "113005": dcm("113005", "For Conference"),
  "113006": dcm("113006", "For Therapy"),
  "113007": dcm("113007", "For Patient"),
  "113008": dcm("113008", "For Peer Review"),
  "113009": dcm("113009", "For Research"),
  "113018": dcm("113018", "For Printing"),
} as const;
export type KeyImageTitle = keyof typeof KEY_IMAGE_TITLES;
export const KEY_IMAGE_TITLE_CODES = Object.keys(KEY_IMAGE_TITLES) as [KeyImageTitle, ...KeyImageTitle[]];

export const REJECTED_FOR_QUALITY = dcm("113001", "Rejected for Quality Reasons");

/** Titles of CID 7010 that take back, list or arrange what is in the archive, and call nothing a key image. */
const OTHER_PURPOSES: ReadonlySet<string> = new Set([
  REJECTED_FOR_QUALITY.value,
  "113022", // Collection of Presentation States
  "113030", // Manifest
  "113031", // Signed Manifest
  "113032", // Complete Study Content
  "113033", // Signed Complete Study Content
  "113034", // Complete Acquisition Content
  "113035", // Signed Complete Acquisition Content
  "113036", // Group of Frames for Display
  "113037", // Rejected for Patient Safety Reasons
  "113038", // Incorrect Modality Worklist Entry
  "113039", // Data Retention Policy Expired
]);

/** Whether a document of this title is a selection of key images; one of an unknown title is. */
export function namesKeyImages({ value, scheme }: CodedConcept): boolean {
  return scheme !== "DCM" || !OTHER_PURPOSES.has(value);
}
