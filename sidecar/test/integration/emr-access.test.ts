import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { AuditLog } from "../stack/audit-log.js";
import { coded, emrPeople, medicationOrder, radiologyOrder, type EmrClient } from "../stack/emr-client.js";
import { RunningStack } from "../stack/running-stack.js";

let stack: RunningStack;
let audit: AuditLog;
let people: (name: string) => EmrClient;

beforeAll(async () => {
  stack = await RunningStack.start();
  audit = new AuditLog(stack);
  people = await emrPeople(stack);
});

afterAll(async () => {
  await audit.close();
  await stack.stop();
});

describe("who may do what", () => {
  test("writes follow the permission table", async () => {
    const patient = await people("doctor").patient();
    const made: Record<string, unknown> = {
      patients: { identifiers: [{ issuer: "H", value: "" }] },
      conditions: { patientId: patient.id, codes: coded("I63.9") },
      orders: radiologyOrder(patient.id),
      prescriptions: medicationOrder(patient.id),
      observations: {
        patientId: patient.id,
        category: "vital-signs",
        codes: coded("8867-4", "Heart rate"),
        value: { type: "quantity", quantity: { value: 72, unit: "/min", code: "/min" } },
        effectiveAt: "2025-03-01T10:00:00Z",
      },
    };
    const allowed: Record<string, string[]> = {
      patients: ["doctor", "radiologist", "nurse", "admin"],
      conditions: ["doctor", "radiologist", "nurse", "admin"],
      orders: ["doctor", "radiologist", "admin"],
      prescriptions: ["doctor", "radiologist", "admin"],
      observations: ["doctor", "radiologist", "technologist", "nurse", "lab", "admin"],
    };
    for (const [kind, body] of Object.entries(made))
      for (const name of [
        "doctor",
        "radiologist",
        "technologist",
        "nurse",
        "lab",
        "external",
        "hers",
        "admin",
      ]) {
        const { status } = await people(name).ask(
          "POST",
          `/${kind === "prescriptions" ? "orders" : kind}`,
          body,
        );
        expect(status === 403, `${name}: ${kind} gets ${status}`).toBe(!allowed[kind]?.includes(name));
      }
  });

  test("a patient sees their own records and nobody else's; a ward's doctor no patient without a study there", async () => {
    const doctor = people("doctor");
    const [hers, his] = [
      await doctor.patient({ identifiers: [{ issuer: "HOSPITAL", value: "OWN-1" }] }),
      await doctor.patient({ identifiers: [{ issuer: "HOSPITAL", value: "OWN-2" }] }),
    ];
    const order = await doctor.create("orders", radiologyOrder(hers.id));
    expect((await people("hers").get(`/orders/${order.id}`)).status).toBe(200);
    expect((await people("hers").get("/patients")).body["records"]).toMatchObject([{ id: hers.id }]);
    for (const name of ["his", "ward"]) {
      const refused = await people(name).get(`/orders/${order.id}`);
      expect([refused.status, refused.body["code"]], name).toEqual([404, "no-such-record"]);
      const { body } = await people(name).get("/orders");
      expect(body["records"], name).toEqual([]);
    }
    expect((await people("his").get("/patients")).body["records"]).toMatchObject([{ id: his.id }]);
    const written = await people("ward").ask("POST", "/orders", radiologyOrder(hers.id));
    expect(written.status).toBe(422);
    expect((await people("external").get("/patients")).status).toBe(403);
  });

  test("every look and change is in the audit trail, with the patient", async () => {
    const nurse = people("nurse");
    const patient = await nurse.patient({ identifiers: [{ issuer: "HOSPITAL", value: "AUDITED" }] });
    await nurse.get(`/patients/${patient.id}`);
    await nurse.patch(`/patients/${patient.id}`, 1, { phone: "1" });
    await nurse.patch(`/patients/${patient.id}`, 1, { phone: "2" });
    await nurse.get("/patients?identifier=HOSPITAL|AUDITED");
    const entries = await audit.until("EMR accesses", { patient: "AUDITED" }, (found) => found.length >= 5);
    const told = entries.map(({ action, outcome, target, issuerOfPatientId }) =>
      [action, outcome, target, issuerOfPatientId].join(" "),
    );
    for (const line of [
      `emr-create granted patient:${patient.id} HOSPITAL`,
      `emr-read granted patient:${patient.id} HOSPITAL`,
      `emr-change granted patient:${patient.id} HOSPITAL`,
      `emr-change failure patient:${patient.id} HOSPITAL`,
      `emr-search granted patient:${patient.id} HOSPITAL`,
    ])
      expect(told).toContain(line);
  });
});
