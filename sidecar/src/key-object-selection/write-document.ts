import type { DataSet } from "../dicom/data-set.js";
import type { Uid } from "../dicom/uid.js";
import { codeItem, type CodedConcept } from "../segmentation/coded-concept.js";
import { writePart10File, type DicomObject } from "../segmentation/part10-file.js";
import {
  MANUFACTURER,
  instanceReference,
  instancesOf,
  localDateTime,
  patientAndStudy,
  type InstanceReference,
  type WrittenInstance,
} from "../segmentation/result-context.js";
import { code, image as imageItem, template, text } from "../structured-report/content-item.js";
import { personObserver, type PersonObserver } from "../structured-report/observation-context.js";

export const KEY_OBJECT_SELECTION_STORAGE = "1.2.840.10008.5.1.4.1.1.88.59";

const TITLE_MODIFIER: CodedConcept = { value: "113011", scheme: "DCM", meaning: "Document Title Modifier" };
export const DESCRIPTION: CodedConcept = {
  value: "113012",
  scheme: "DCM",
  meaning: "Key Object Description",
};

export interface SelectedObject extends InstanceReference {
  readonly seriesInstanceUid: string;
  /** How a key object document refers to it (PS3.3 A.35.4.3.1): what has pixels as an image. */
  readonly valueType: "IMAGE" | "COMPOSITE";
}

export interface KeyObjectSelection {
  readonly sopInstanceUid: Uid;
  readonly instanceNumber: number;
  readonly series: {
    readonly seriesInstanceUid: Uid;
    readonly number: number;
    readonly description: string;
    /** Whether the document is the whole series, which has its date and time then. */
    readonly ofOneDocument: boolean;
  };
  readonly title: CodedConcept;
  readonly modifier?: CodedConcept | undefined;
  readonly observer: PersonObserver;
  readonly description: string | null;
  readonly createdAt: Date;
  /** At least one; frames of an instance are told in one item. */
  readonly objects: readonly SelectedObject[];
}

/**
 * Writes a Key Object Selection Document (PS3.3 A.35.4, PS3.16 TID 2010). The same input gives the same bytes.
 * @param image one of the images: who the patient is, which study it belongs to
 */
export function writeKeyObjectSelection(selection: KeyObjectSelection, image: DataSet): WrittenInstance {
  const { series, sopInstanceUid, createdAt, objects } = selection;
  const { seriesInstanceUid } = series;
  const { date, time } = localDateTime(createdAt, image);
  const identity = patientAndStudy(image);
  const bytes = writePart10File({
    ...identity,
    SOPClassUID: KEY_OBJECT_SELECTION_STORAGE,
    SOPInstanceUID: sopInstanceUid,
    InstanceCreationDate: date,
    InstanceCreationTime: time,
    Modality: "KO",
    SeriesInstanceUID: seriesInstanceUid,
    SeriesNumber: series.number,
    ...(series.ofOneDocument ? { SeriesDate: date, SeriesTime: time } : {}),
    SeriesDescription: series.description,
    ReferencedPerformedProcedureStepSequence: [],
    Manufacturer: MANUFACTURER,
    InstanceNumber: selection.instanceNumber,
    ContentDate: date,
    ContentTime: time,
    ReferencedRequestSequence: undefined,
    CurrentRequestedProcedureEvidenceSequence: [
      { StudyInstanceUID: identity["StudyInstanceUID"], ReferencedSeriesSequence: evidence(objects) },
    ],
    ...content(selection),
  });
  return { seriesInstanceUid, sopInstanceUid, bytes };
}

/** PS3.16 TID 2010, Key Object Selection. */
function content({ title, modifier, observer, description, objects }: KeyObjectSelection): DicomObject {
  const valueTypes = new Map(objects.map(({ sopInstanceUid, valueType }) => [sopInstanceUid, valueType]));
  return {
    ValueType: "CONTAINER",
    ConceptNameCodeSequence: [codeItem(title)],
    ContinuityOfContent: "SEPARATE",
    ContentTemplateSequence: [template("2010")],
    ContentSequence: [
      ...(modifier === undefined ? [] : [code("HAS CONCEPT MOD", TITLE_MODIFIER, modifier)]),
      ...personObserver(observer),
      ...(description === null ? [] : [text("CONTAINS", DESCRIPTION, description)]),
      ...instancesOf(objects).map(({ frameNumbers, ...reference }) => ({
        ...imageItem("CONTAINS", undefined, reference, { frameNumbers }),
        ValueType: valueTypes.get(reference.sopInstanceUid),
      })),
    ],
  };
}

function evidence(objects: readonly SelectedObject[]): DicomObject[] {
  const series = [...new Set(objects.map(({ seriesInstanceUid }) => seriesInstanceUid))];
  return series.map((seriesInstanceUid) => ({
    SeriesInstanceUID: seriesInstanceUid,
    ReferencedSOPSequence: instancesOf(
      objects.filter((object) => object.seriesInstanceUid === seriesInstanceUid),
    ).map(({ sopClassUid, sopInstanceUid }) => instanceReference({ sopClassUid, sopInstanceUid })),
  }));
}
