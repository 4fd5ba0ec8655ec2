import type { Dosage, MedicationRequest } from "fhir/r4.js";
import type { MedicationItem, MedicationOrder, OrderRow, OrderStatus } from "../emr/records.js";
import { conceptOf, noteOf, quantityOf, recordIdentifier } from "./concept.js";
import { link, type RecordReferences } from "./references.js";
import { SYSTEM } from "./system.js";

/** request-status as medicationrequest-status names it. */
const STATUS: Readonly<Record<OrderStatus, MedicationRequest["status"]>> = {
  draft: "draft",
  active: "active",
  "on-hold": "on-hold",
  completed: "completed",
  revoked: "cancelled",
  "entered-in-error": "entered-in-error",
};

/** What an item's MedicationRequest is found again by: the order and the item's place in it, from 1. */
export function itemIdentifier(orderId: string, place: number): string {
  return `${orderId}/${place}`;
}

/** One drug of a prescription, from an EMR `order` of kind medication: R4 has one drug in a MedicationRequest. */
export function medicationRequestOf(
  row: OrderRow & MedicationOrder,
  item: MedicationItem,
  place: number,
  to: RecordReferences,
): MedicationRequest {
  return {
    resourceType: "MedicationRequest",
    // order.id and the item's place
    identifier: [recordIdentifier(itemIdentifier(row.id, place))],
    // order.status
    status: STATUS[row.status],
    // an order of the EMR is an order
    intent: "order",
    // order.priority
    priority: row.priority,
    // item.drug: RxNorm, KDC, as given
    medicationCodeableConcept: conceptOf(item.drug),
    // order.patientId
    subject: { reference: to.patient },
    // order.encounterId
    ...link("encounter", to.encounter),
    // order.createdAt
    authoredOn: row.createdAt.toISOString(),
    // order.createdBy
    ...link("requester", to.author),
    // order.reasons
    ...(row.reasons.length === 0 ? {} : { reasonCode: row.reasons.map((reason) => conceptOf([reason])) }),
    // order.id: those of one prescription have it in common
    groupIdentifier: { system: SYSTEM.prescription, value: row.id },
    // order.note
    ...noteOf(row.note),
    dosageInstruction: [dosageOf(item)],
  };
}

function dosageOf({ dose, route, frequency, duration, asNeeded, instructions }: MedicationItem): Dosage {
  return {
    // item.instructions
    ...(instructions === null ? {} : { text: instructions }),
    timing: {
      repeat: {
        // item.duration (UCUM units of time, as UnitsOfTime has them)
        ...(duration === null
          ? {}
          : { boundsDuration: { value: duration.value, system: SYSTEM.ucum, code: duration.unit } }),
        // item.frequency
        frequency: frequency.times,
        period: frequency.period,
        periodUnit: frequency.periodUnit,
      },
    },
    // item.asNeeded
    ...(asNeeded ? { asNeededBoolean: true } : {}),
    // item.route
    route: conceptOf([route]),
    // item.dose
    doseAndRate: [{ doseQuantity: quantityOf(dose) }],
  };
}
