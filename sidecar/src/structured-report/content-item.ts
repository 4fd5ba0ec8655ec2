import { codeItem, type CodedConcept } from "../segmentation/coded-concept.js";
import type { DicomObject } from "../segmentation/part10-file.js";

/** Relationship Type (PS3.3 C.17.3.2.4). */
export type Relationship =
  "CONTAINS" | "HAS CONCEPT MOD" | "HAS OBS CONTEXT" | "HAS ACQ CONTEXT" | "HAS PROPERTIES";

function item(
  relationship: Relationship,
  valueType: string,
  name: CodedConcept | undefined,
  value: DicomObject,
  children: readonly DicomObject[] = [],
): DicomObject {
  return {
    RelationshipType: relationship,
    ValueType: valueType,
    ConceptNameCodeSequence: name && [codeItem(name)],
    ...value,
    ContentSequence: children.length === 0 ? undefined : children,
  };
}

export function container(
  relationship: Relationship,
  name: CodedConcept,
  children: readonly DicomObject[],
  templateIdentifier?: string,
): DicomObject {
  return item(
    relationship,
    "CONTAINER",
    name,
    {
      ContinuityOfContent: "SEPARATE",
      ContentTemplateSequence: templateIdentifier === undefined ? undefined : [template(templateIdentifier)],
    },
    children,
  );
}

export function template(templateIdentifier: string): DicomObject {
  return { MappingResource: "DCMR", TemplateIdentifier: templateIdentifier };
}

export function code(
  relationship: Relationship,
  name: CodedConcept,
  value: CodedConcept,
  children: readonly DicomObject[] = [],
): DicomObject {
  return item(relationship, "CODE", name, { ConceptCodeSequence: [codeItem(value)] }, children);
}

export function text(relationship: Relationship, name: CodedConcept, value: string): DicomObject {
  return item(relationship, "TEXT", name, { TextValue: value });
}

/** @param personName PN (PS3.5 6.2) */
export function person(relationship: Relationship, name: CodedConcept, personName: string): DicomObject {
  return item(relationship, "PNAME", name, { PersonName: personName });
}

export function uidReference(relationship: Relationship, name: CodedConcept, uid: string): DicomObject {
  return item(relationship, "UIDREF", name, { UID: uid });
}

/** A measured value with its unit (UCUM). */
export function numeric(
  relationship: Relationship,
  name: CodedConcept,
  value: number,
  unit: CodedConcept,
  children: readonly DicomObject[] = [],
): DicomObject {
  const measured = { NumericValue: value, MeasurementUnitsCodeSequence: [codeItem(unit)] };
  return item(relationship, "NUM", name, { MeasuredValueSequence: [measured] }, children);
}

/** A reference to an image, to some of its frames (from 1), or to a segment of a segmentation (PS3.3 C.18.4). */
export function image(
  relationship: Relationship,
  name: CodedConcept | undefined,
  reference: { readonly sopClassUid: string; readonly sopInstanceUid: string },
  within: { readonly segmentNumber?: number; readonly frameNumbers?: readonly number[] } = {},
): DicomObject {
  const { segmentNumber, frameNumbers = [] } = within;
  return item(relationship, "IMAGE", name, {
    ReferencedSOPSequence: [
      {
        ReferencedSOPClassUID: reference.sopClassUid,
        ReferencedSOPInstanceUID: reference.sopInstanceUid,
        ReferencedFrameNumber: frameNumbers.length === 0 ? undefined : frameNumbers,
        ReferencedSegmentNumber: segmentNumber,
      },
    ],
  });
}
