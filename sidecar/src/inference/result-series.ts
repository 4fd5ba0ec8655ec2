import { derivedUid, type Uid } from "../dicom/uid.js";

/** What a result is of: whose series, and which model looked at it. */
export interface ResultSource {
  readonly patientId: string;
  readonly studyInstanceUid: string;
  readonly seriesInstanceUid: string;
  readonly modelName: string;
  readonly modelVersion: string;
}

/**
 * Names a result's UIDs are derived from. The patient too: two patients may share UIDs, and then neither's results may
 * stand for the other's.
 */
export function resultNames(source: ResultSource): readonly string[] {
  const { patientId, studyInstanceUid, seriesInstanceUid, modelName, modelVersion } = source;
  return [patientId, studyInstanceUid, seriesInstanceUid, modelName, modelVersion];
}

/** The kinds of objects a result may consist of. */
const KINDS = ["seg", "attention", "sr"] as const;

/** The series that the objects of one kind are in, whatever the input was. */
export function resultSeriesUid(kind: (typeof KINDS)[number], source: ResultSource): Uid {
  return derivedUid(`${kind} series`, ...resultNames(source));
}

/** Every series that a result may have objects in: series of results are this program's own. */
export function resultSeriesUids(source: ResultSource): Uid[] {
  return KINDS.map((kind) => resultSeriesUid(kind, source));
}
