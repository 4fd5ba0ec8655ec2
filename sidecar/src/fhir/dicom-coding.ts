import type { CodeableConcept } from "fhir/r4.js";
import type { CodedConcept } from "../segmentation/coded-concept.js";
import { SYSTEM } from "./system.js";

/** FHIR's name of a DICOM coding scheme (PS3.16 table 8-1, HL7's registry of code systems). */
const SYSTEM_OF_SCHEME: Readonly<Record<string, string>> = {
  SCT: SYSTEM.snomed,
  DCM: SYSTEM.dcm,
  LN: SYSTEM.loinc,
  RADLEX: SYSTEM.radlex,
  "99NEURONOVA": SYSTEM.concept,
};

/** A coded concept of DICOM; of a scheme that FHIR has no name for, the meaning alone. */
export function conceptOfDicom(concept: CodedConcept, text = concept.meaning): CodeableConcept {
  const { value, scheme, meaning } = concept;
  const system = SYSTEM_OF_SCHEME[scheme];
  return { ...(system === undefined ? {} : { coding: [{ system, code: value, display: meaning }] }), text };
}
