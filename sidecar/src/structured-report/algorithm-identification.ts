import { DCM } from "../segmentation/coded-concept.js";
import type { DicomObject } from "../segmentation/part10-file.js";
import type { Algorithm } from "../segmentation/result-context.js";
import { text } from "./content-item.js";

/** TID 4019, Algorithm Identification. */
export function algorithmIdentification({ name, version }: Algorithm): DicomObject[] {
  return [
    text("HAS CONCEPT MOD", DCM.algorithmName, name),
    text("HAS CONCEPT MOD", DCM.algorithmVersion, version),
  ];
}

/** To a cubic millimetre, or a thousandth: more digits would claim a precision that is not there. */
export function rounded(value: number): number {
  return Math.round(value * 1000) / 1000;
}
