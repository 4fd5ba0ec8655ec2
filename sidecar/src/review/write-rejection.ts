import type { DataSet } from "../dicom/data-set.js";
import { derivedUid, type Uid } from "../dicom/uid.js";
import { REJECTED_FOR_QUALITY } from "../key-object-selection/titles.js";
import { writeKeyObjectSelection, type SelectedObject } from "../key-object-selection/write-document.js";
import type { WrittenInstance } from "../segmentation/result-context.js";
import type { ReviewReason, Reviewer } from "../state/review-records.js";
import { REASON_CONCEPTS } from "./reasons.js";
import { personName } from "./verify-report.js";

/** High, so that it sorts behind the images. */
const SERIES_NUMBER = 9009;

export interface Rejection {
  readonly reviewer: Reviewer;
  readonly decidedAt: Date;
  readonly reason: ReviewReason | null;
  readonly comment: string | null;
}

/** The UIDs of the document that rejects a report: the same rejection gives the same. */
export function rejectionUids(reportSopInstanceUid: string): { series: Uid; instance: Uid } {
  return {
    series: derivedUid("rejection series", reportSopInstanceUid),
    instance: derivedUid("rejection", reportSopInstanceUid),
  };
}

/**
 * Writes a Key Object Selection Document that says of the objects that they are "Rejected for Quality Reasons", by whom
 * and why. The same input gives the same bytes.
 * @param image one of the images: who the patient is, which study it belongs to
 * @param objects at least one
 */
export function writeRejection(
  reportSopInstanceUid: string,
  objects: readonly SelectedObject[],
  { reviewer, decidedAt, reason, comment }: Rejection,
  image: DataSet,
): WrittenInstance {
  const uids = rejectionUids(reportSopInstanceUid);
  return writeKeyObjectSelection(
    {
      sopInstanceUid: uids.instance,
      instanceNumber: 1,
      series: {
        seriesInstanceUid: uids.series,
        number: SERIES_NUMBER,
        description: "AI result: rejected",
        ofOneDocument: true,
      },
      title: REJECTED_FOR_QUALITY,
      modifier: reason === null ? undefined : REASON_CONCEPTS[reason],
      observer: { personName: personName(reviewer), organisation: reviewer.organisation },
      description: comment,
      createdAt: decidedAt,
      objects,
    },
    image,
  );
}
