import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createDemoStudy } from "../../src/phantom/demo-study.js";
import { AuditLog } from "../stack/audit-log.js";
import {
  coded,
  emrPeople,
  medicationOrder,
  radiologyOrder,
  until,
  type EmrClient,
} from "../stack/emr-client.js";
import { People } from "../stack/people.js";
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

  test("who reaches some studies reaches the records of their patients, once a study is linked and labelled", async () => {
    const patient = await people("doctor").patient({
      identifiers: [{ issuer: "HOSPITAL", value: "WARD-9" }],
    });
    const order = await people("doctor").create("orders", radiologyOrder(patient.id));
    const [file] = createDemoStudy({
      seed: 990,
      slices: 1,
      rows: 16,
      columns: 16,
      lesion: "none",
      patient: { name: "", id: "WARD-9", issuer: "HOSPITAL", birthDate: "", sex: "O" },
    });
    if (file === undefined) throw new Error("the demo study has an image");
    const accounts = new People(stack);
    await accounts.store(file.bytes);
    expect((await people("ward").get(`/orders/${order.id}`)).status).toBe(404);
    const labels = await accounts.call(
      await stack.token(),
      "PUT",
      `/api/studies/${file.studyInstanceUid}/labels`,
      { labels: ["ward-9"] },
    );
    expect(labels.status).toBe(204);
    const seen = await until("the order within the ward's reach", async () => {
      const answer = await people("ward").get(`/orders/${order.id}`);
      return answer.status === 200 ? answer : undefined;
    });
    expect(seen.body.id).toBe(order.id);
    expect((await people("ward").get("/patients")).body["records"]).toMatchObject([{ id: patient.id }]);
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

describe("the record", () => {
  test("of a patient is found by name in any writing, identifier and birth date, and withdrawn only when empty", async () => {
    const doctor = people("doctor");
    const patient = await doctor.patient({
      identifiers: [
        { issuer: "HOSPITAL", value: "FIND-1" },
        { issuer: "CLINIC", value: "C%1" },
      ],
      name: { alphabetic: { family: "Hwang", given: "Yeji" }, ideographic: { family: "황", given: "예지" } },
      birthDate: "2000-05-26",
    });
    const found = async (query: string) => {
      const { body } = await doctor.get(`/patients?${query}`);
      return (body["records"] as { id: string }[]).map(({ id }) => id);
    };
    for (const query of [
      "name=hwang",
      "name=Yeji%20HWANG",
      `name=${encodeURIComponent("황예지")}`,
      `name=${encodeURIComponent("예지")}&birthDate=2000-05-26`,
      "identifier=CLINIC|C%251",
      "identifier=FIND-1",
    ])
      expect(await found(query), query).toEqual([patient.id]);
    for (const query of ["name=Hwang&birthDate=2000-05-27", "identifier=HOSPITAL|C%251", "name=%25"])
      expect(await found(query), query).toEqual([]);

    const order = await doctor.create("orders", radiologyOrder(patient.id));
    const full = await doctor.patch(`/patients/${patient.id}`, 1, { status: "entered-in-error" });
    expect([full.status, full.body["code"]]).toEqual([409, "patient-has-records"]);
    await doctor.patch(`/orders/${order.id}`, 1, { status: "entered-in-error" });
    const empty = await doctor.patch(`/patients/${patient.id}`, 1, { status: "entered-in-error" });
    expect(empty.body).toMatchObject({ status: "entered-in-error", version: 2 });
    // The identifiers are free for whom they belong to.
    await doctor.patient({ identifiers: [{ issuer: "HOSPITAL", value: "FIND-1" }] });
    const late = await doctor.ask("POST", "/orders", radiologyOrder(patient.id));
    expect([late.status, late.body["code"]]).toEqual([409, "patient-withdrawn"]);
  });
});
