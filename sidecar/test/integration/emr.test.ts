import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { AuditLog } from "../stack/audit-log.js";
import {
  coded,
  emrPeople,
  everyRecord,
  medicationOrder,
  radiologyOrder,
  until,
  type EmrAnswer,
  type EmrClient,
} from "../stack/emr-client.js";
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

const outbox = (subject: string) =>
  audit.select<{ kind: string; aggregate: string }>(
    `SELECT kind, aggregate FROM outbox WHERE subject = '${subject}' ORDER BY id`,
  );

describe("a record", () => {
  test("of every kind is kept, read back, found, and told to the FHIR server in the order of its person", async () => {
    const doctor = people("doctor");
    const patient = await doctor.patient({ birthDate: "1980-02-29", sex: "male", phone: "010-1234-5678" });
    const records = await everyRecord(people, patient.id);
    const { encounter, condition, medication, laboratory, radiology, procedure, observation, report } =
      records;
    const made: [string, EmrAnswer["body"]][] = [
      ["encounters", encounter],
      ["conditions", condition],
      ["orders", medication],
      ["orders", laboratory],
      ["orders", radiology],
      ["orders", procedure],
      ["observations", observation],
      ["reports", report],
    ];
    for (const [kind, record] of made) {
      const read = await doctor.get(`/${kind}/${record.id}`);
      expect(read.body, kind).toMatchObject(record);
      expect(read.headers.get("etag")).toBe('"1"');
      const found = await doctor.get(`/${kind}?patientId=${patient.id}`);
      expect(JSON.stringify(found.body["records"]), kind).toContain(record.id);
      expect(await outbox(record.id)).toEqual([
        { kind: kind.slice(0, -1), aggregate: patient["patientKey"] },
      ]);
    }
    expect(await outbox(patient.id)).toEqual([{ kind: "patient", aggregate: patient["patientKey"] }]);
    expect(patient["createdBy"]).toMatchObject({ display: "emr-doctor" });
    expect(radiology["accessionNumber"]).toMatch(/^\d{14}$/);
    for (const query of ["code=718-7", "code=http://loinc.org|718-7&from=2025-03-01&to=2025-03-01"]) {
      const { body } = await doctor.get(`/observations?patientId=${patient.id}&${query}`);
      expect(body["records"], query).toMatchObject([{ id: observation.id }]);
    }
    const other = await doctor.get(`/observations?patientId=${patient.id}&code=http://snomed.info/sct|718-7`);
    expect(other.body["records"]).toEqual([]);
    const byNumber = await doctor.get(`/orders?accessionNumber=${String(radiology["accessionNumber"])}`);
    expect(byNumber.body["records"]).toMatchObject([{ id: radiology.id }]);
  });

  test("is refused when a member is missing, wrong or unknown, and nothing is kept of it", async () => {
    const patient = await people("doctor").patient();
    const wrong: [string, unknown][] = [
      ["patients", { name: { alphabetic: { family: "Kim" } } }],
      ["patients", { identifiers: [{ issuer: "H", value: "1" }], name: {} }],
      ["patients", { identifiers: [{ issuer: "H", value: "a\\b" }], name: { alphabetic: { family: "K" } } }],
      [
        "patients",
        { identifiers: [{ issuer: "H", value: "1" }], name: { alphabetic: { family: "A^B" } }, actor: "me" },
      ],
      ["orders", { ...radiologyOrder(patient.id), createdBy: { subject: "account:1", display: "me" } }],
      ["orders", { ...radiologyOrder(patient.id), accessionNumber: "12345678901234567" }],
      ["orders", { ...medicationOrder(patient.id), items: [] }],
      ["conditions", { patientId: patient.id, codes: [] }],
      ["conditions", { patientId: "1", codes: coded("1") }],
      ["encounters", { patientId: patient.id, status: "finished", class: coded("AMB")[0], startAt: "today" }],
    ];
    for (const [kind, body] of wrong) {
      const { status, body: problem } = await people("admin").ask("POST", `/${kind}`, body);
      expect([status, problem["code"]], JSON.stringify(body)).toEqual([400, "request-malformed"]);
    }
    const elsewhere = await people("doctor").patient();
    const encounter = await people("doctor").create("encounters", {
      patientId: elsewhere.id,
      status: "planned",
      class: coded("AMB")[0],
      startAt: "2025-03-01T09:00:00Z",
    });
    for (const reference of [
      { patientId: randomUUID() },
      { patientId: patient.id, encounterId: encounter.id },
    ]) {
      const refused = await people("doctor").ask("POST", "/conditions", {
        ...reference,
        codes: coded("I63.9"),
      });
      expect([refused.status, refused.body["code"]]).toEqual([422, "reference-invalid"]);
    }
    const { body } = await people("doctor").get(`/conditions?patientId=${patient.id}`);
    expect(body["records"]).toEqual([]);
  });

  test("changes by a merge patch on the version it was made on; another version is told both", async () => {
    const doctor = people("doctor");
    const patient = await doctor.patient({ phone: "1", email: "a@example.org" });
    const path = `/patients/${patient.id}`;
    const without = await doctor.ask("PATCH", path, { phone: "2" });
    expect([without.status, without.body["code"]]).toEqual([428, "precondition-required"]);
    const changed = await doctor.patch(path, 1, { phone: "2", email: null });
    expect(changed.body).toMatchObject({ version: 2, phone: "2", email: null });
    expect(changed.headers.get("etag")).toBe('"2"');
    const late = await doctor.patch(path, 1, { phone: "3" });
    expect(late.status).toBe(409);
    expect(late.body).toMatchObject({
      code: "version-conflict",
      current: { version: 2, phone: "2" },
      yours: { version: 1, phone: "1" },
    });
    const invalid = await doctor.patch(path, 2, { name: null });
    expect(invalid.status).toBe(400);
    const moved = await doctor.patch(path, 2, { identifiers: [{ issuer: "HOSPITAL", value: "ANOTHER" }] });
    expect([moved.status, moved.body["code"]]).toEqual([422, "member-fixed"]);
    const answers = await Promise.all(["4", "5", "6", "7"].map((phone) => doctor.patch(path, 2, { phone })));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409, 409]);
    expect((await outbox(patient.id)).length).toBe(3);
  });

  test("is made once for an Idempotency-Key, also by many at the same time", async () => {
    const doctor = people("doctor");
    const patient = await doctor.patient();
    const key = { "Idempotency-Key": randomUUID() };
    const order = radiologyOrder(patient.id);
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => doctor.ask("POST", "/orders", order, key)),
    );
    expect(new Set(answers.map(({ body }) => JSON.stringify(body))).size).toBe(1);
    expect(answers.map(({ status }) => status)).toEqual(Array<number>(8).fill(201));
    expect(answers.filter(({ headers }) => headers.get("idempotency-replayed") === "true")).toHaveLength(7);
    const { body } = await doctor.get(`/orders?patientId=${patient.id}`);
    expect(body["records"]).toHaveLength(1);
    const another = await doctor.ask("POST", "/orders", { ...order, priority: "stat" }, key);
    expect([another.status, another.body["code"]]).toEqual([422, "idempotency-key-reused"]);
    const somebodyElse = await people("radiologist").ask("POST", "/orders", order, key);
    expect(somebodyElse.body.id).not.toBe(answers[0]?.body.id);
    const short = await doctor.ask("POST", "/orders", order, { "Idempotency-Key": "1" });
    expect(short.status).toBe(400);
  });

  test("is made once for an Idempotency-Key when the process is killed over it and the client tries again", async () => {
    const doctor = people("doctor");
    const patient = await doctor.patient();
    for (let round = 0; round < 3; round += 1) {
      const key = { "Idempotency-Key": randomUUID() };
      const order = radiologyOrder(patient.id, { note: `round ${round}` });
      const first = doctor.ask("POST", "/orders", order, key).catch(() => undefined);
      await new Promise((resolve) => setTimeout(resolve, round * 8));
      stack.local.processes["sidecar"]?.kill("SIGKILL");
      const before = await first;
      const again = await until("an answer", async () => {
        const answer = await doctor.ask("POST", "/orders", order, key).catch(() => undefined);
        return answer?.status === 201 ? answer : undefined;
      });
      if (before?.status === 201) expect(again.body).toEqual(before.body);
      const { body } = await doctor.get(`/orders?patientId=${patient.id}`);
      expect(body["records"]).toHaveLength(round + 1);
    }
  });

  test("list comes in pages that hold each record once, while others are added", async () => {
    const doctor = people("doctor");
    const patient = await doctor.patient();
    const made: string[] = [];
    for (let index = 0; index < 7; index += 1)
      made.push((await doctor.create("orders", radiologyOrder(patient.id))).id);
    const seen: string[] = [];
    for (let cursor: string | null = ""; cursor !== null;) {
      const { body } = await doctor.get(
        `/orders?patientId=${patient.id}&limit=3${cursor === "" ? "" : `&cursor=${cursor}`}`,
      );
      seen.push(...(body["records"] as { id: string }[]).map(({ id }) => id));
      if (cursor === "") await doctor.create("orders", radiologyOrder(patient.id));
      cursor = body["next"] as string | null;
    }
    expect(seen).toEqual(made.toReversed());
    expect((await doctor.get("/orders?cursor=nonsense")).status).toBe(400);
  });
});

describe("an order", () => {
  test("takes the steps of its table, each by those who may", async () => {
    const [doctor, technologist] = [people("doctor"), people("technologist")];
    const patient = await doctor.patient();
    const { id } = await doctor.create("orders", radiologyOrder(patient.id, { status: "draft" }));
    const path = `/orders/${id}`;
    const step = async (who: EmrClient, version: number, body: object) => {
      const { status, body: answer } = await who.patch(path, version, body);
      return status === 200 ? answer["status"] : answer["code"];
    };
    expect(await step(technologist, 1, { status: "active" })).toBe("forbidden");
    expect(await step(doctor, 1, { status: "completed" })).toBe("order-step-unknown");
    expect(await step(doctor, 1, { status: "active" })).toBe("active");
    expect(await step(technologist, 2, { scheduledStart: "2025-03-02T08:30:00" })).toBe("active");
    expect(await step(technologist, 3, { priority: "stat" })).toBe("forbidden");
    expect(await step(technologist, 3, { status: "revoked" })).toBe("forbidden");
    expect(await step(technologist, 3, { status: "completed" })).toBe("completed");
    expect(await step(doctor, 4, { note: "too late" })).toBe("order-closed");
    expect(await step(doctor, 4, { status: "active" })).toBe("order-step-unknown");
    expect(await step(doctor, 4, { status: "entered-in-error" })).toBe("entered-in-error");
    expect(await step(doctor, 5, { status: "active" })).toBe("record-withdrawn");
  });

  test("has an accession number of its own within its issuer", async () => {
    const doctor = people("doctor");
    const patient = await doctor.patient();
    const accessionNumber = "ACC-1";
    await doctor.create("orders", radiologyOrder(patient.id, { accessionNumber }));
    const again = await doctor.ask("POST", "/orders", radiologyOrder(patient.id, { accessionNumber }));
    expect([again.status, again.body["code"]]).toEqual([409, "accession-number-taken"]);
    await doctor.create("orders", radiologyOrder(patient.id, { accessionNumber, accessionIssuer: "CLINIC" }));
  });
});
