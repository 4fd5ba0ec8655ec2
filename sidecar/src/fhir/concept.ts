import type { Annotation, CodeableConcept, Quantity as FhirQuantity } from "fhir/r4.js";
import type { Coding, Quantity } from "../emr/records.js";
import { SYSTEM } from "./system.js";

/** One concept as it was given, in each code system it was given in. */
export function conceptOf(codings: readonly Coding[]): CodeableConcept {
  return {
    coding: codings.map(({ system, code, display }) => ({
      system,
      code,
      ...(display === "" ? {} : { display }),
    })),
  };
}

/** A concept of a code system that FHIR itself binds the element to. */
export function boundConcept(system: string, code: string): CodeableConcept {
  return { coding: [{ system, code }] };
}

/** A measured value: the unit as written, and its UCUM code (FHIR R4, Quantity). */
export function quantityOf({ value, unit, code }: Quantity): FhirQuantity {
  return { value, ...(unit === "" ? {} : { unit }), system: SYSTEM.ucum, code };
}

export function noteOf(text: string | null): { note?: Annotation[] } {
  return text === null || text === "" ? {} : { note: [{ text }] };
}

/** The EMR's identity of a record: what its resource is found again by. */
export function recordIdentifier(id: string): { system: string; value: string } {
  return { system: SYSTEM.record, value: id };
}
