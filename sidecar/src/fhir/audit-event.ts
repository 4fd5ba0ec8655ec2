import type { AuditEvent, AuditEventAgent, AuditEventEntity, Coding } from "fhir/r4.js";
import type { SealedRecord } from "../audit/chain.js";
import { meaningOf, type AuditMeaning } from "./audit-meaning.js";
import { SYSTEM } from "./system.js";

const BALP = "https://profiles.ihe.net/ITI/BALP";
const PARTICIPATION = "http://terminology.hl7.org/CodeSystem/v3-ParticipationType";
const OBJECT_TYPE = "http://terminology.hl7.org/CodeSystem/audit-entity-type";
const OBJECT_ROLE = "http://terminology.hl7.org/CodeSystem/object-role";
const SOURCE: Coding = { system: SYSTEM.dcm, code: "110153", display: "Source Role ID" };
const DESTINATION: Coding = { system: SYSTEM.dcm, code: "110152", display: "Destination Role ID" };
/** DICOM PS3.15 A.5: 0 success, 4 minor failure (here: refused), 8 serious failure (here: did not work). */
const OUTCOMES = { granted: "0", denied: "4", failure: "8" } as const;

/**
 * An audit row as a FHIR R4 AuditEvent. Successful reads, searches and writes follow IHE BALP (Basic Audit Log Patterns);
 * the profiles are for successes only, so refusals have the same content without them.
 * @param site the host name of this installation
 */
export function auditEventOf(record: SealedRecord, site: string): AuditEvent {
  const meaning = meaningOf(record.action);
  const profile = record.outcome === "granted" ? profileOf(record, meaning) : undefined;
  return {
    resourceType: "AuditEvent",
    meta: {
      ...(profile === undefined ? {} : { profile: [profile] }),
      // What a repeated delivery is recognised by; also proof outside of the table of what was sealed.
      tag: [{ system: SYSTEM.auditHash, code: record.hash }],
    },
    type: meaning.type,
    subtype: [meaning.subtype],
    action: meaning.action,
    period: { start: record.firstAt.toISOString(), end: record.lastAt.toISOString() },
    recorded: record.recordedAt.toISOString(),
    outcome: OUTCOMES[record.outcome],
    ...(record.reason === null ? {} : { outcomeDesc: record.reason }),
    ...(record.breakGlassId === null ? {} : { purposeOfEvent: [breakGlass()] }),
    agent: agentsOf(record, meaning, site),
    source: {
      site,
      observer: { display: "NeuroNova" },
      type: [{ system: "http://terminology.hl7.org/CodeSystem/security-source-type", code: "4" }],
    },
    entity: entitiesOf(record, meaning),
  };
}

/** `PatientRead` where a patient is known, else `Read`; none for what BALP has no pattern for. */
function profileOf(record: SealedRecord, { pattern }: AuditMeaning): string | undefined {
  if (pattern === undefined) return undefined;
  const patient = record.patientId === null || record.patientId === "" ? "" : "Patient";
  return `${BALP}/StructureDefinition/IHE.BasicAudit.${patient}${pattern}`;
}

function agentsOf(record: SealedRecord, meaning: AuditMeaning, site: string): AuditEventAgent[] {
  const { subject, displayName, role, tokenId, breakGlassId, sourceAddress, userAgent } = record;
  const known = subject !== "";
  // BALP: data that is read flows from the server (source) to the client; a query and what is written, the other way.
  const reads = meaning.pattern === "Read";
  const address = sourceAddress === "" ? "unknown" : sourceAddress;
  const agents: AuditEventAgent[] = [
    {
      type: { coding: [reads ? DESTINATION : SOURCE] },
      who: { display: userAgent === "" ? "unknown client" : userAgent },
      requestor: !known,
      network: { address, type: "2" },
    },
    {
      type: { coding: [reads ? SOURCE : DESTINATION] },
      who: { display: "NeuroNova" },
      requestor: false,
      network: { address: site, type: "1" },
    },
  ];
  if (!known) return agents;
  const participation = meaning.pattern === "Create" || meaning.pattern === "Update" ? "AUT" : "IRCP";
  agents.push({
    type: { coding: [{ system: PARTICIPATION, code: participation }] },
    who: { identifier: { system: SYSTEM.subject, value: subject } },
    requestor: true,
    ...(displayName === "" ? {} : { name: displayName }),
    ...(role === null ? {} : { role: [{ coding: [{ system: SYSTEM.role, code: role }] }] }),
    ...(tokenId === "" ? {} : { policy: [`${SYSTEM.token}:${encodeURIComponent(tokenId)}`] }),
    ...(breakGlassId === null ? {} : { purposeOfUse: [breakGlass()] }),
  });
  return agents;
}

function entitiesOf(record: SealedRecord, meaning: AuditMeaning): AuditEventEntity[] {
  const { hash, patientId, issuerOfPatientId, requests, instances, frames, breakGlassId, accessId } = record;
  const detail = { requests, instances, frames, sequence: record.sequence, access: accessId };
  const entities: AuditEventEntity[] = [
    {
      // The slice for the identifier of the transaction.
      type: { system: `${BALP}/CodeSystem/BasicAuditEntityType`, code: "XrequestId" },
      what: { identifier: { system: SYSTEM.auditHash, value: hash } },
      detail: Object.entries({
        ...detail,
        ...(breakGlassId === null ? {} : { breakGlass: breakGlassId }),
      }).map(([type, value]) => ({ type, valueString: String(value) })),
    },
    meaning.pattern === "Query" ? queryOf(record) : dataOf(record),
  ];
  if (patientId === null || patientId === "") return entities;
  const identifier = {
    system: SYSTEM.patientId,
    value: patientId,
    ...(issuerOfPatientId === null || issuerOfPatientId === ""
      ? {}
      : { assigner: { display: issuerOfPatientId } }),
  };
  entities.push({
    type: { system: OBJECT_TYPE, code: "1", display: "Person" },
    role: { system: OBJECT_ROLE, code: "1", display: "Patient" },
    what: { type: "Patient", identifier },
  });
  return entities;
}

/** What was searched, never what for: a query may hold a patient's name. */
function queryOf({ action, target }: SealedRecord): AuditEventEntity {
  return {
    type: { system: OBJECT_TYPE, code: "2", display: "System Object" },
    role: { system: OBJECT_ROLE, code: "24", display: "Query" },
    query: Buffer.from(target === "" ? action : target).toString("base64"),
  };
}

function dataOf({ action, target, studyInstanceUid }: SealedRecord): AuditEventEntity {
  const what =
    studyInstanceUid === null
      ? { identifier: { system: SYSTEM.auditTarget, value: target === "" ? action : target } }
      : {
          type: "ImagingStudy",
          identifier: { system: SYSTEM.dicomUid, value: `urn:oid:${studyInstanceUid}` },
        };
  return {
    what,
    type: { system: OBJECT_TYPE, code: "2", display: "System Object" },
    role: { system: OBJECT_ROLE, code: "4", display: "Domain Resource" },
    ...(studyInstanceUid !== null && target !== "" ? { description: target } : {}),
  };
}

function breakGlass() {
  return { coding: [{ system: SYSTEM.actReason, code: "BTG", display: "break the glass" }] };
}
