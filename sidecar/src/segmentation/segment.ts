import type { Code } from "../dicom/code.js";

/** A segment of a label map: what the label value `number` means. */
export interface Segment {
  /** 1 to 255; the value of its voxels in the label map. */
  readonly number: number;
  readonly label: string;
  readonly description: string;
  /** Segmented Property Category (CID 7150) and Type. */
  readonly category: Code;
  readonly type: Code;
  readonly anatomicRegion: Code;
  /** sRGB, 0 to 255 each. */
  readonly colorRgb: readonly [number, number, number];
  /** Shared by the SEG and the SR: the same thing, followed. */
  readonly trackingId: string;
  readonly trackingUid: string;
}

/** The algorithm that made it, as far as DICOM names algorithms (PS3.3 10.16). */
export interface Algorithm {
  readonly name: string;
  readonly version: string;
  /** CID 7162 */
  readonly family: Code;
  /** UID of this very model and version (IHE AI Results: changes with the model). */
  readonly deviceUid: string;
}
