import { itemsOf, textOf, type DicomJson } from "../imaging/dicom-json.js";

/** A SEG of the archive, as its attributes tell of it (PS3.3 A.51). */
export interface SegmentationObject {
  readonly seriesInstanceUid: string;
  readonly sopInstanceUid: string;
  /** Series Description, else Content Description or Content Label. */
  readonly title: string;
  /** YYYYMMDD, as it is written. */
  readonly date: string;
  readonly manufacturer: string;
  /** Segment Algorithm Types (0062,0008): MANUAL, SEMIAUTOMATIC, AUTOMATIC. */
  readonly algorithmTypes: readonly string[];
  readonly segmentLabels: readonly string[];
}

/** @returns undefined for an instance without UIDs, which cannot be fetched */
export function segmentationObject(attributes: DicomJson): SegmentationObject | undefined {
  const [seriesInstanceUid, sopInstanceUid] = [
    textOf(attributes, "0020000E"),
    textOf(attributes, "00080018"),
  ];
  if (seriesInstanceUid === undefined || sopInstanceUid === undefined) return undefined;
  const segments = itemsOf(attributes, "00620002");
  return {
    seriesInstanceUid,
    sopInstanceUid,
    title: ["0008103E", "00700081", "00700080"].map((tag) => textOf(attributes, tag)).find(Boolean) ?? "",
    date: textOf(attributes, "00080023") ?? textOf(attributes, "00080021") ?? "",
    manufacturer: textOf(attributes, "00080070") ?? "",
    algorithmTypes: [...new Set(segments.flatMap((segment) => textOf(segment, "00620008") ?? []))],
    segmentLabels: segments.map((segment) => textOf(segment, "00620005") ?? ""),
  };
}
