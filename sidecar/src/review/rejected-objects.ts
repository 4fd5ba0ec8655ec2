import type { SelectedObject } from "../key-object-selection/write-document.js";
import { SEGMENTATION_STORAGE } from "../segmentation/segment.js";
import type { AnalysisResult, StoredObject } from "../state/records.js";

const COMPREHENSIVE_3D_SR_STORAGE = "1.2.840.10008.5.1.4.1.1.88.34";

/** The objects of a result as a rejection refers to them. */
export function rejectedObjects({ segmentation, report }: AnalysisResult): SelectedObject[] {
  return [
    ...(segmentation === null ? [] : [reference(segmentation, SEGMENTATION_STORAGE, "IMAGE")]),
    reference(report, COMPREHENSIVE_3D_SR_STORAGE, "COMPOSITE"),
  ];
}

function reference(
  { seriesInstanceUid, sopInstanceUid }: StoredObject,
  sopClassUid: string,
  valueType: SelectedObject["valueType"],
): SelectedObject {
  return { sopClassUid, sopInstanceUid, seriesInstanceUid, valueType };
}
