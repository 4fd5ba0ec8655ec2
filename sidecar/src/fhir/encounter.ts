import type { Encounter } from "fhir/r4.js";
import type { EncounterRow } from "../emr/records.js";
import { conceptOf, recordIdentifier } from "./concept.js";
import { link, type RecordReferences } from "./references.js";

/** A visit, from the EMR's `encounter`. Its note stays in the EMR: R4's Encounter has no place for one. */
export function encounterOf(row: EncounterRow, to: RecordReferences): Encounter {
  const { system, code, display } = row.class;
  return {
    resourceType: "Encounter",
    // encounter.id
    identifier: [recordIdentifier(row.id)],
    // encounter.status, EncounterStatus on both sides
    status: row.status,
    // encounter.class, v3 ActCode as given
    class: { system, code, ...(display === "" ? {} : { display }) },
    // encounter.types
    ...(row.types.length === 0 ? {} : { type: row.types.map((type) => conceptOf([type])) }),
    // encounter.patientId
    subject: { reference: to.patient },
    // encounter.createdBy
    ...(to.author === undefined ? {} : { participant: [link("individual", to.author)] }),
    // encounter.startAt, endAt
    period: { start: row.startAt, ...(row.endAt === null ? {} : { end: row.endAt }) },
    // encounter.reasons
    ...(row.reasons.length === 0 ? {} : { reasonCode: row.reasons.map((reason) => conceptOf([reason])) }),
  };
}
