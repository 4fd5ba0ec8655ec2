import type { FhirResource } from "fhir/r4.js";
import { afterAll, beforeAll, expect, test } from "vitest";
import { emrPeople, everyRecord, until, type EmrClient } from "../stack/emr-client.js";
import { RunningStack } from "../stack/running-stack.js";

const RECORD = "urn:neuronova:record";
const ACT_CODE = "http://terminology.hl7.org/CodeSystem/v3-ActCode";
let stack: RunningStack;
let people: (name: string) => EmrClient;

beforeAll(async () => {
  stack = await RunningStack.start();
  people = await emrPeople(stack);
});

afterAll(() => stack.stop());

/** The one resource of this record, as the FHIR server has it now and `isWanted` says it should be. */
async function inFhir(
  type: string,
  identifier: string,
  isWanted: (resource: Record<string, unknown>) => boolean = () => true,
): Promise<Record<string, unknown>> {
  return until(`the ${type} in FHIR`, async () => {
    const found = await stack.fhir<FhirResource>(`${type}?identifier=${encodeURIComponent(identifier)}`);
    expect(found.length, `${type} of ${identifier}`).toBeLessThanOrEqual(1);
    const resource = found[0] as Record<string, unknown> | undefined;
    return resource !== undefined && isWanted(resource) ? resource : undefined;
  });
}

test("what is sent to /api/emr is in FHIR, every kind, field by field, and follows changes", async () => {
  const doctor = people("doctor");
  const patient = await doctor.patient({ birthDate: "1980-02-29", sex: "male", phone: "010-1234-5678" });
  const heldPatient = await inFhir("Patient", `urn:neuronova:patient-key|${String(patient["patientKey"])}`);
  expect(heldPatient).toMatchObject({
    active: true,
    birthDate: "1980-02-29",
    gender: "male",
    telecom: [{ system: "phone", value: "010-1234-5678" }],
  });
  const subject = { reference: `Patient/${String(heldPatient["id"])}` };

  const records = await everyRecord(people, patient.id);
  const { encounter, condition, medication, laboratory, radiology, procedure, observation, report } = records;
  const held = (type: string, record: { id: string }, place = "") =>
    inFhir(type, `${RECORD}|${record.id}${place}`);
  const heldEncounter = await held("Encounter", encounter);
  const within = { reference: `Encounter/${String(heldEncounter["id"])}` };
  expect(heldEncounter).toMatchObject({
    status: "in-progress",
    class: { system: ACT_CODE, code: "AMB" },
    subject,
    period: { start: "2025-03-01T09:00:00+09:00" },
  });
  expect(await held("Condition", condition)).toMatchObject({
    code: { coding: [{ system: "http://hl7.org/fhir/sid/icd-10", code: "I63.9" }] },
    clinicalStatus: { coding: [{ code: "active" }] },
    verificationStatus: { coding: [{ code: "confirmed" }] },
    onsetDateTime: "2025-03-01",
    subject,
    encounter: within,
  });
  const heldLaboratory = await held("ServiceRequest", laboratory);
  expect(heldLaboratory).toMatchObject({
    status: laboratory["status"],
    intent: "order",
    code: { coding: [{ system: "http://loinc.org", code: "718-7" }] },
    subject,
    encounter: within,
  });
  const heldRadiology = await held("ServiceRequest", radiology);
  expect(JSON.stringify(heldRadiology["identifier"])).toContain(`"${String(radiology["accessionNumber"])}"`);
  const heldProcedureOrder = await held("ServiceRequest", procedure);
  expect(await held("Procedure", procedure)).toMatchObject({
    status: "in-progress",
    code: { coding: [{ code: "277762005" }] },
    performedDateTime: "2025-03-01T10:30:00+09:00",
    basedOn: [{ reference: `ServiceRequest/${String(heldProcedureOrder["id"])}` }],
    subject,
  });
  const heldObservation = await held("Observation", observation);
  expect(heldObservation).toMatchObject({
    code: { coding: [{ system: "http://loinc.org", code: "718-7" }] },
    valueQuantity: { value: 13.5, unit: "g/dL", system: "http://unitsofmeasure.org", code: "g/dL" },
    effectiveDateTime: "2025-03-01T10:00:00+09:00",
    basedOn: [{ reference: `ServiceRequest/${String(heldLaboratory["id"])}` }],
    subject,
    encounter: within,
  });
  expect(await held("DiagnosticReport", report)).toMatchObject({
    conclusion: "급성 뇌경색",
    basedOn: [{ reference: `ServiceRequest/${String(heldRadiology["id"])}` }],
    result: [{ reference: `Observation/${String(heldObservation["id"])}` }],
    subject,
    encounter: within,
  });
  const [request] = await until("the prescription in FHIR", async () => {
    const found = await stack.fhir<FhirResource>(`MedicationRequest?subject=${subject.reference}`);
    return found.length === 0 ? undefined : found;
  });
  expect(JSON.stringify(request?.resourceType)).toContain("MedicationRequest");
  expect(request).toMatchObject({
    status: medication["status"],
    medicationCodeableConcept: { coding: [{ code: "197361" }] },
    dosageInstruction: [
      {
        route: { coding: [{ code: "26643006" }] },
        timing: { repeat: { frequency: 1, period: 1, periodUnit: "d" } },
        doseAndRate: [{ doseQuantity: { value: 5, code: "mg" } }],
      },
    ],
    subject,
  });

  const changed = await doctor.patch(`/conditions/${condition.id}`, 1, {
    clinicalStatus: "resolved",
    abatementDate: "2025-04-01",
  });
  expect(changed.status).toBe(200);
  const wrong = await people("lab").patch(`/observations/${observation.id}`, 1, {
    status: "entered-in-error",
  });
  expect(wrong.status).toBe(200);
  await inFhir(
    "Condition",
    `${RECORD}|${condition.id}`,
    ({ abatementDateTime }) => abatementDateTime === "2025-04-01",
  );
  await inFhir("Observation", `${RECORD}|${observation.id}`, ({ status }) => status === "entered-in-error");
});
