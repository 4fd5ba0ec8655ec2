import type { DicomWebRoute } from "./route.js";

/** Where an instance is in DICOMweb. */
export interface InstanceAddress {
  readonly studyInstanceUid: string;
  readonly seriesInstanceUid: string;
  readonly sopInstanceUid: string;
}

export function addressOf({ studyInstanceUid, seriesInstanceUid, sopInstanceUid }: InstanceAddress): string {
  return `${studyInstanceUid}/${seriesInstanceUid}/${sopInstanceUid}`;
}

/** undefined when the route names none. */
export function instanceOf({
  studyInstanceUid,
  seriesInstanceUid,
  sopInstanceUid,
}: DicomWebRoute): InstanceAddress | undefined {
  return studyInstanceUid === undefined || seriesInstanceUid === undefined || sopInstanceUid === undefined
    ? undefined
    : { studyInstanceUid, seriesInstanceUid, sopInstanceUid };
}
