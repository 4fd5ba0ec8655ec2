import type { DataSet } from "../dicom/data-set.js";
import { TAG, type Tag } from "../dicom/tag.js";
import { DCM, type CodedConcept } from "../segmentation/coded-concept.js";
import { DESCRIPTION, KEY_OBJECT_SELECTION_STORAGE } from "./write-document.js";

/** An instance that a document selects; without frame numbers all its frames. */
export interface SelectedInstance {
  readonly sopInstanceUid: string;
  /** From 1. */
  readonly frameNumbers: readonly number[];
}

/** A Key Object Selection Document as it was written, by whomever. What it does not say is empty. */
export interface ReadSelection {
  readonly sopInstanceUid: string;
  readonly seriesInstanceUid: string;
  readonly title: CodedConcept;
  readonly description: string;
  /** PN (PS3.5 6.2) of the first observer who is a person. */
  readonly observer: string;
  /** Content Date and Time, YYYYMMDD and HHMMSS, as they are written. */
  readonly date: string;
  readonly time: string;
  readonly instances: readonly SelectedInstance[];
}

/** Values that may be longer than the archive gives unasked. */
export const WHOLE_VALUES: readonly Tag[] = [TAG.TextValue, TAG.ReferencedFrameNumber];

/** Reads a document (PS3.3 A.35.4, PS3.16 TID 2010); undefined for any other object. */
export function readKeyObjectSelection(dataSet: DataSet): ReadSelection | undefined {
  if (dataSet.text(TAG.SOPClassUID) !== KEY_OBJECT_SELECTION_STORAGE) return undefined;
  const items = dataSet.items(TAG.ContentSequence);
  const named = (name: CodedConcept) => items.find((item) => isNamed(item, name));
  return {
    sopInstanceUid: dataSet.text(TAG.SOPInstanceUID) ?? "",
    seriesInstanceUid: dataSet.text(TAG.SeriesInstanceUID) ?? "",
    title: conceptOf(dataSet),
    description: named(DESCRIPTION)?.text(TAG.TextValue) ?? "",
    observer: named(DCM.personObserverName)?.text(TAG.PersonName) ?? "",
    date: dataSet.text(TAG.ContentDate) ?? "",
    time: dataSet.text(TAG.ContentTime) ?? "",
    instances: items.flatMap(instancesOf),
  };
}

function instancesOf(item: DataSet): SelectedInstance[] {
  if (item.text(TAG.ValueType) !== "IMAGE") return [];
  return item.items(TAG.ReferencedSOPSequence).flatMap((reference) => {
    const sopInstanceUid = reference.text(TAG.ReferencedSOPInstanceUID);
    const frameNumbers = reference.numbers(TAG.ReferencedFrameNumber) ?? [];
    return sopInstanceUid === undefined ? [] : [{ sopInstanceUid, frameNumbers }];
  });
}

function conceptOf(item: DataSet): CodedConcept {
  const [name] = item.items(TAG.ConceptNameCodeSequence);
  return {
    value: name?.text(TAG.CodeValue) ?? "",
    scheme: name?.text(TAG.CodingSchemeDesignator) ?? "",
    meaning: name?.text(TAG.CodeMeaning) ?? "",
  };
}

function isNamed(item: DataSet, { value, scheme }: CodedConcept): boolean {
  const name = conceptOf(item);
  return name.value === value && name.scheme === scheme;
}
