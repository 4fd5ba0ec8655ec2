import type { ServiceRequest } from "fhir/r4.js";
import type {
  LaboratoryOrder,
  OrderRow,
  OrderStatus,
  ProcedureOrder,
  RadiologyOrder,
} from "../emr/records.js";
import { boundConcept, conceptOf, noteOf, recordIdentifier } from "./concept.js";
import { link, type RecordReferences } from "./references.js";
import { SYSTEM } from "./system.js";

export type ServiceOrder = OrderRow & (LaboratoryOrder | RadiologyOrder | ProcedureOrder);

/** SNOMED CT concepts of the example binding of ServiceRequest.category. */
const CATEGORY = {
  laboratory: { code: "108252007", display: "Laboratory procedure" },
  radiology: { code: "363679005", display: "Imaging" },
} as const;

const STATUS: Readonly<Record<OrderStatus, ServiceRequest["status"]>> = {
  draft: "draft",
  active: "active",
  "on-hold": "on-hold",
  completed: "completed",
  revoked: "revoked",
  "entered-in-error": "entered-in-error",
};

/** An order of a laboratory test, an imaging procedure or another procedure, from the EMR's `order`. */
export function serviceRequestOf(row: ServiceOrder, to: RecordReferences): ServiceRequest {
  return {
    resourceType: "ServiceRequest",
    identifier: [
      // order.id
      recordIdentifier(row.id),
      // order.accessionNumber with its issuer: (0008,0050), (0008,0051)
      ...(row.kind === "radiology" ? [accessionIdentifier(row)] : []),
    ],
    // order.status
    status: STATUS[row.status],
    // an order of the EMR is an order
    intent: "order",
    // order.kind; of a procedure nothing is known that would be a category
    ...(row.kind === "procedure"
      ? {}
      : { category: [{ coding: [{ system: SYSTEM.snomed, ...CATEGORY[row.kind] }] }] }),
    // order.priority
    priority: row.priority,
    // order.codes
    code: conceptOf(row.codes),
    // order.modality: what the examination is to be made with
    ...(row.kind === "radiology" ? { orderDetail: [boundConcept(SYSTEM.dcm, row.modality)] } : {}),
    // order.patientId
    subject: { reference: to.patient },
    // order.encounterId
    ...link("encounter", to.encounter),
    // order.scheduledStart is a local time without a zone, and FHIR asks for one: its date is what is known
    ...(row.kind === "radiology" && row.scheduledStart !== null
      ? { occurrenceDateTime: row.scheduledStart.slice(0, "YYYY-MM-DD".length) }
      : {}),
    // order.createdAt
    authoredOn: row.createdAt.toISOString(),
    // order.createdBy
    ...link("requester", to.author),
    // order.reasons
    ...(row.reasons.length === 0 ? {} : { reasonCode: row.reasons.map((reason) => conceptOf([reason])) }),
    // order.bodySite
    ...("bodySite" in row && row.bodySite !== null ? { bodySite: [conceptOf([row.bodySite])] } : {}),
    // order.note
    ...noteOf(row.note),
  };
}

function accessionIdentifier({ accessionNumber, accessionIssuer }: RadiologyOrder) {
  return {
    type: boundConcept(SYSTEM.identifierType, "ACSN"),
    system: SYSTEM.accession,
    value: accessionNumber,
    ...(accessionIssuer === null ? {} : { assigner: { display: accessionIssuer } }),
  };
}
