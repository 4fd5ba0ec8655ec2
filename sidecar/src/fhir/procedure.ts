import type { Procedure } from "fhir/r4.js";
import type { OrderRow, OrderStatus, ProcedureOrder } from "../emr/records.js";
import { conceptOf, noteOf, recordIdentifier } from "./concept.js";
import { link, type RecordReferences } from "./references.js";

/** What became of it, by the order's status and whether it was performed; null: there is no Procedure yet. */
const STATUS: Readonly<Record<OrderStatus, Procedure["status"] | null>> = {
  draft: null,
  active: "in-progress",
  "on-hold": "on-hold",
  completed: "completed",
  revoked: "stopped",
  "entered-in-error": "entered-in-error",
};

/**
 * What was done, from an EMR `order` of kind procedure that has been performed.
 * @returns null while it has not been: until then there is only the ServiceRequest
 */
export function procedureOf(row: OrderRow & ProcedureOrder, to: RecordReferences): Procedure | null {
  const status = STATUS[row.status];
  if (status === null || row.performedAt === null) return null;
  return {
    resourceType: "Procedure",
    // order.id
    identifier: [recordIdentifier(row.id)],
    // order: the ServiceRequest it was done by
    ...(to.order === undefined ? {} : { basedOn: [{ reference: to.order }] }),
    // order.status
    status,
    // order.codes
    code: conceptOf(row.codes),
    // order.patientId
    subject: { reference: to.patient },
    // order.encounterId
    ...link("encounter", to.encounter),
    // order.performedAt
    performedDateTime: row.performedAt,
    // order.updatedBy: who wrote down that it was done
    ...link("recorder", to.author),
    // order.reasons
    ...(row.reasons.length === 0 ? {} : { reasonCode: row.reasons.map((reason) => conceptOf([reason])) }),
    // order.bodySite
    ...(row.bodySite === null ? {} : { bodySite: [conceptOf([row.bodySite])] }),
    // order.outcome
    ...(row.outcome === null ? {} : { outcome: conceptOf([row.outcome]) }),
    // order.note
    ...noteOf(row.note),
  };
}
