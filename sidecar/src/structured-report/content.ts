import type { Code } from "../dicom/code.js";
import { codeSequence, type NaturalDataSet } from "../dicom/part10.js";

/** Relationship of a content item to its parent (PS3.3 C.17.3.2.4). */
export type Relationship =
  "CONTAINS" | "HAS OBS CONTEXT" | "HAS CONCEPT MOD" | "HAS ACQ CONTEXT" | "HAS PROPERTIES";

/** A content item without its children's relationship: given by where it is put. */
export type Item = NaturalDataSet;

const item = (
  relationship: Relationship,
  valueType: string,
  name: Code | undefined,
  value: NaturalDataSet,
  children: readonly Item[] = [],
): Item => ({
  RelationshipType: relationship,
  ValueType: valueType,
  ...(name === undefined ? {} : { ConceptNameCodeSequence: codeSequence(name) }),
  ...value,
  ...(children.length === 0 ? {} : { ContentSequence: children }),
});

export const container = (
  relationship: Relationship,
  name: Code,
  children: readonly Item[],
  templateIdentifier?: string,
): Item =>
  item(
    relationship,
    "CONTAINER",
    name,
    {
      ContinuityOfContent: "SEPARATE",
      ...(templateIdentifier === undefined
        ? {}
        : { ContentTemplateSequence: [{ MappingResource: "DCMR", TemplateIdentifier: templateIdentifier }] }),
    },
    children,
  );

export const codeItem = (
  relationship: Relationship,
  name: Code,
  value: Code,
  children: readonly Item[] = [],
): Item => item(relationship, "CODE", name, { ConceptCodeSequence: codeSequence(value) }, children);

export const textItem = (relationship: Relationship, name: Code, text: string): Item =>
  item(relationship, "TEXT", name, { TextValue: text });

export const uidItem = (relationship: Relationship, name: Code, uid: string): Item =>
  item(relationship, "UIDREF", name, { UID: uid });

/** @param value written with the digits it has, at most 16 characters (DS) */
export const numberItem = (
  relationship: Relationship,
  name: Code,
  value: number,
  unit: Code,
  children: readonly Item[] = [],
): Item =>
  item(
    relationship,
    "NUM",
    name,
    {
      MeasuredValueSequence: [
        { NumericValue: decimalString(value), MeasurementUnitsCodeSequence: codeSequence(unit) },
      ],
    },
    children,
  );

export interface ImageReference {
  readonly sopClassUid: string;
  readonly sopInstanceUid: string;
  readonly segmentNumber?: number;
}

export const imageItem = (
  relationship: Relationship,
  name: Code | undefined,
  image: ImageReference,
  children: readonly Item[] = [],
): Item =>
  item(
    relationship,
    "IMAGE",
    name,
    {
      ReferencedSOPSequence: [
        {
          ReferencedSOPClassUID: image.sopClassUid,
          ReferencedSOPInstanceUID: image.sopInstanceUid,
          ...(image.segmentNumber === undefined ? {} : { ReferencedSegmentNumber: image.segmentNumber }),
        },
      ],
    },
    children,
  );

/** DS: at most 16 characters (PS3.5 6.2). */
export function decimalString(value: number): string {
  if (!Number.isFinite(value)) throw new RangeError("a measured value must be a finite number");
  const text = String(value);
  return text.length <= 16 ? text : value.toPrecision(9);
}
