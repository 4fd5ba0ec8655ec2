import { randomUUID } from "node:crypto";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { OpenEmrRest } from "../../src/adapters/openemr/openemr-rest.js";
import { encounterBody } from "../../src/openemr/encounter-body.js";
import { medicationBody } from "../../src/openemr/medication-body.js";
import { patientBody } from "../../src/openemr/patient-body.js";
import { Records } from "../stack/openemr-records.js";
import { Prism } from "../stack/prism.js";

let prism: Prism;
let api: OpenEmrRest;
const records = new Records();
const patient = records.patient("MRN-1");
const body = patientBody(patient, "MRN-1");

beforeAll(async () => {
  prism = await Prism.start(fileURLToPath(new URL("../contract/openemr.yaml", import.meta.url)));
  // Prism leaves the path of `servers` out.
  api = new OpenEmrRest(`${prism.address}/api`, {
    current: () => Promise.resolve("a-token"),
    refused: () => undefined,
  });
});
afterAll(() => prism.stop());

describe("by OpenEMR's description", () => {
  test("patients are created, changed, read and searched", async () => {
    expect(await api.createPatient(body)).toMatchObject({ uuid: expect.any(String) as string });
    await api.updatePatient(randomUUID(), body);
    expect(await api.patient(randomUUID())).toHaveProperty("pubpid");
    expect(await api.findPatients(body)).toBeInstanceOf(Array);
    expect(await api.patientPage({ offset: 0, limit: 200 })).toBeInstanceOf(Array);
  });

  test("encounters and medications are created, changed and listed, each by its own key of the patient", async () => {
    const encounter = encounterBody(records.encounter(patient.id), "5");
    if (encounter === null) throw new Error("it is one for OpenEMR");
    expect((await api.createEncounter(randomUUID(), encounter)).uuid).toMatch(/^[0-9a-f-]{36}$/);
    await api.updateEncounter(randomUUID(), randomUUID(), encounter);
    expect(await api.encounters(randomUUID())).toBeInstanceOf(Array);
    const order = records.prescription(patient.id, ["Amlodipine"]);
    const [item] = order.items;
    if (item === undefined) throw new Error("there is a drug");
    expect((await api.createMedication("7", medicationBody(order, item))).id).toMatch(/^-?\d+$/);
    await api.updateMedication("7", "12", medicationBody(order, item));
    expect(await api.medications("7")).toBeInstanceOf(Array);
  });

  test("a document is sent as the form's field, and `true` is the answer", async () => {
    await api.addDocument("7", "/medical_record", { fileName: "a.pdf", pdf: Buffer.from("%PDF-1.3") });
    expect(await api.documentNames("7", "/medical_record")).toBeInstanceOf(Array);
  });

  test("requests that do not fit it are refused: the description is being held against them", async () => {
    await expect(api.createPatient({ ...body, DOB: "yesterday" })).rejects.toMatchObject({
      code: "openemr-refused",
    });
    await expect(api.patientPage({ offset: 0, limit: 201 })).rejects.toMatchObject({
      code: "openemr-refused",
    });
    // A medication by the patient's uuid, as everything else goes.
    await expect(api.medications(randomUUID())).rejects.toMatchObject({ code: "openemr-refused" });
  });
});
