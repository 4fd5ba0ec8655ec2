import type { AuditEvent } from "fhir/r4.js";
import { describe, expect, test } from "vitest";
import { AUDIT_ACTIONS } from "../audit/access.js";
import { GENESIS_HASH, sealAll, type AuditRecord, type SealedRecord } from "../audit/chain.js";
import { auditRow } from "../../test/fhir/audit-row.js";
import { auditEventOf } from "./audit-event.js";

function eventOf(rest: Partial<AuditRecord>): AuditEvent {
  const [sealed] = sealAll([{ ...auditRow, ...rest }], { sequence: 8, hash: GENESIS_HASH }, new Date(0));
  return auditEventOf(sealed as SealedRecord, "imaging.example.org");
}

const typesOf = (event: AuditEvent) => (event.entity ?? []).map(({ type }) => type?.code);
const agentOf = (event: AuditEvent, code: string) =>
  event.agent.filter(({ type }) => type?.coding?.some((coding) => coding.code === code));

describe("an AuditEvent by IHE BALP", () => {
  test("of a view is a PatientRead: client, server, user, study and patient", () => {
    const event = eventOf({});
    expect(event.meta?.profile).toEqual([
      "https://profiles.ihe.net/ITI/BALP/StructureDefinition/IHE.BasicAudit.PatientRead",
    ]);
    expect(event).toMatchObject({
      type: { code: "rest" },
      subtype: [{ system: "http://hl7.org/fhir/restful-interaction", code: "read" }],
      action: "R",
      outcome: "0",
      recorded: "2026-01-02T03:04:05.678Z",
      period: { start: "2026-01-02T03:04:05.678Z", end: "2026-01-02T03:09:00.000Z" },
    });
    const [client] = agentOf(event, "110152");
    expect(client).toMatchObject({ requestor: false, network: { address: "192.0.2.7", type: "2" } });
    expect(agentOf(event, "110153")).toMatchObject([{ network: { address: "imaging.example.org" } }]);
    expect(agentOf(event, "IRCP")).toMatchObject([
      {
        requestor: true,
        who: { identifier: { value: "account:7" } },
        name: "Dr. Kim",
        role: [{ coding: [{ code: "doctor" }] }],
        policy: ["urn:neuronova:token:jti%201"],
      },
    ]);
    expect(typesOf(event)).toEqual(["XrequestId", "2", "1"]);
    expect(event.entity?.[1]?.what).toEqual({
      type: "ImagingStudy",
      identifier: { system: "urn:dicom:uid", value: "urn:oid:1.2.3" },
    });
    expect(event.entity?.[2]?.what).toEqual({
      type: "Patient",
      identifier: { system: "urn:neuronova:patient-id", value: "MRN-1", assigner: { display: "HOSPITAL" } },
    });
  });

  test("of a search says what was searched, never what for, and has no `what`", () => {
    const event = eventOf({
      action: "search",
      target: "searchStudies",
      patientId: null,
      studyInstanceUid: null,
    });
    expect(event.meta?.profile?.[0]).toMatch(/IHE\.BasicAudit\.Query$/);
    const query = event.entity?.find(({ role }) => role?.code === "24");
    expect(query?.what).toBeUndefined();
    expect(Buffer.from(query?.query ?? "", "base64").toString()).toBe("searchStudies");
    // The parameters flow from the client to the server.
    expect(agentOf(event, "110153")[0]?.network?.address).toBe("192.0.2.7");
  });

  test("of an upload is a PatientCreate by its author", () => {
    const event = eventOf({ action: "upload" });
    expect(event.meta?.profile?.[0]).toMatch(/IHE\.BasicAudit\.PatientCreate$/);
    expect(agentOf(event, "AUT")).toHaveLength(1);
  });

  test("of a refusal has the reason, and no profile: those are for successes", () => {
    const event = eventOf({ outcome: "denied", reason: "label-missing" });
    expect(event).toMatchObject({ outcome: "4", outcomeDesc: "label-missing" });
    expect(event.meta?.profile).toBeUndefined();
    expect(eventOf({ outcome: "failure", reason: "internal-error" }).outcome).toBe("8");
  });

  test("of break-glass access says so as its purpose", () => {
    const purpose = [
      { coding: [{ system: "http://terminology.hl7.org/CodeSystem/v3-ActReason", code: "BTG" }] },
    ];
    const event = eventOf({ breakGlassId: 5 });
    expect(event).toMatchObject({ purposeOfEvent: purpose });
    expect(agentOf(event, "IRCP")).toMatchObject([{ purposeOfUse: purpose }]);
  });

  test("of nobody has the client as its requestor", () => {
    const event = eventOf({ subject: "", displayName: "", role: null, tokenId: "", outcome: "denied" });
    expect(event.agent).toHaveLength(2);
    expect(event.agent[0]?.requestor).toBe(true);
  });

  test.each(AUDIT_ACTIONS)(
    "of %s has one hash, an action, both ends of the network, and an entity",
    (action) => {
      const event = eventOf({ action });
      expect(event.meta?.tag?.[0]?.code).toMatch(/^[0-9a-f]{64}$/);
      expect(event.action).toMatch(/^[CRUDE]$/);
      expect(agentOf(event, "110152")).toHaveLength(1);
      expect(agentOf(event, "110153")).toHaveLength(1);
      expect(event.agent.filter(({ requestor }) => requestor)).toHaveLength(1);
      expect(event.entity?.length).toBeGreaterThanOrEqual(2);
      // FHIR R4, invariant sev-1: a name or a query, not both.
      for (const entity of event.entity ?? [])
        expect(entity.name !== undefined && entity.query !== undefined).toBe(false);
    },
  );
});
