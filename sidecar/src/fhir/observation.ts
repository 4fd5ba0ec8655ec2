import type { Observation, ObservationComponent } from "fhir/r4.js";
import type { ObservationRow, ObservationValue } from "../emr/records.js";
import { boundConcept, conceptOf, noteOf, quantityOf, recordIdentifier } from "./concept.js";
import { link, type RecordReferences } from "./references.js";
import { SYSTEM } from "./system.js";

/** A vital sign or laboratory result, from the EMR's `observation`. */
export function observationOf(row: ObservationRow, to: RecordReferences): Observation {
  const { referenceRange: range } = row;
  return {
    resourceType: "Observation",
    // observation.id
    identifier: [recordIdentifier(row.id)],
    // observation.orderId
    ...(to.order === undefined ? {} : { basedOn: [{ reference: to.order }] }),
    // observation.status, observation-status on both sides
    status: row.status,
    // observation.category
    category: [boundConcept(SYSTEM.observationCategory, row.category)],
    // observation.codes: LOINC, as given
    code: conceptOf(row.codes),
    // observation.patientId
    subject: { reference: to.patient },
    // observation.encounterId
    ...link("encounter", to.encounter),
    // observation.effectiveAt
    effectiveDateTime: row.effectiveAt,
    // observation.updatedAt: when this version was made available
    issued: row.updatedAt.toISOString(),
    // observation.createdBy
    ...(to.author === undefined ? {} : { performer: [{ reference: to.author }] }),
    // observation.value
    ...(row.value === null ? {} : valueOf(row.value)),
    // observation.interpretation
    ...(row.interpretation === null ? {} : { interpretation: [conceptOf([row.interpretation])] }),
    // observation.note
    ...noteOf(row.note),
    // observation.referenceRange
    ...(range === null
      ? {}
      : {
          referenceRange: [
            {
              ...(range.low === null ? {} : { low: quantityOf(range.low) }),
              ...(range.high === null ? {} : { high: quantityOf(range.high) }),
              ...(range.text === null ? {} : { text: range.text }),
            },
          ],
        }),
    // observation.components
    ...(row.components.length === 0
      ? {}
      : {
          component: row.components.map(({ codes, value }) => ({
            code: conceptOf(codes),
            ...valueOf(value),
          })),
        }),
  };
}

type ValueOf = Pick<ObservationComponent, "valueQuantity" | "valueCodeableConcept" | "valueString">;

function valueOf(value: ObservationValue): ValueOf {
  switch (value.type) {
    case "quantity":
      return { valueQuantity: quantityOf(value.quantity) };
    case "codes":
      return { valueCodeableConcept: conceptOf(value.codes) };
    case "text":
      return { valueString: value.text };
  }
}
