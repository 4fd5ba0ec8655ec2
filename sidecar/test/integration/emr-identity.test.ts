import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createDemoStudy, type DemoPatient } from "../../src/phantom/demo-study.js";
import { AuditLog } from "../stack/audit-log.js";
import { EmrClient, radiologyOrder, until, type EmrAnswer } from "../stack/emr-client.js";
import { People } from "../stack/people.js";
import { RunningStack } from "../stack/running-stack.js";

interface Item {
  readonly id: string;
  readonly kind: string;
  readonly reasons: readonly string[];
  readonly candidates: readonly string[];
  readonly study: { readonly studyInstanceUid: string } | null;
  readonly resolution: { readonly action: string; readonly comment: string | null } | null;
}

let stack: RunningStack;
let people: People;
let admin: EmrClient;
let audit: AuditLog;
let seed = 500;

beforeAll(async () => {
  stack = await RunningStack.start();
  people = new People(stack);
  admin = new EmrClient(stack, await stack.token());
  audit = new AuditLog(stack);
});

afterAll(async () => {
  await audit.close();
  await stack.stop();
});

/** A study of the patient, one instance to begin with, and what sends it. */
function study(patient: Partial<DemoPatient>, accessionNumber = "") {
  seed += 1;
  const whole: DemoPatient = {
    name: "Kim^Minjun",
    id: "none",
    issuer: "HOSPITAL",
    birthDate: "19800229",
    sex: "M",
    ...patient,
  };
  const files = createDemoStudy({
    seed,
    slices: 2,
    rows: 16,
    columns: 16,
    lesion: "none",
    accessionNumber,
    patient: whole,
  });
  const [first, second] = files;
  if (first === undefined || second === undefined) throw new Error("the demo study has two images");
  return { uid: first.studyInstanceUid, first: first.bytes, second: second.bytes };
}

async function registered(value: string, rest: object = {}): Promise<EmrAnswer["body"]> {
  return admin.create("patients", {
    identifiers: [{ issuer: "HOSPITAL", value }],
    name: { alphabetic: { family: "Kim", given: value === "L-1" || value === "L-2" ? "Twin" : `M${value}` } },
    birthDate: "1980-02-29",
    sex: "male",
    ...rest,
  });
}

async function items(state: "open" | "resolved"): Promise<Item[]> {
  const { body } = await admin.get(`/identity-worklist?state=${state}&limit=200`);
  return body["items"] as Item[];
}

const itemOf = (uid: string, state: "open" | "resolved" = "open") =>
  until(`the ${state} item of ${uid}`, async () =>
    (await items(state)).find((item) => item.study?.studyInstanceUid === uid),
  );

const linkOf = (uid: string, state: string) =>
  until(`${uid} ${state}`, async () => {
    const [row] = await audit.select<{ state: string; patientId: string | null }>(
      `SELECT state, emr_study_link.patient_id AS patientId FROM emr_study_link JOIN study ON study.orthanc_id = study_id
       WHERE study_instance_uid = '${uid}' AND due = FALSE`,
    );
    return row?.state === state ? row : undefined;
  });

async function studiesOf(orderId: string): Promise<string[]> {
  const { body } = await admin.get(`/orders/${orderId}`);
  return (body["studies"] as { studyInstanceUid: string }[]).map(({ studyInstanceUid }) => studyInstanceUid);
}

describe("a study", () => {
  test("is the patient's with its issuer and id, answers the order, and is told to the FHIR server", async () => {
    const patient = await registered("S-1", { name: { ideographic: { family: "김", given: "민준" } } });
    const order = await admin.create("orders", radiologyOrder(patient.id, { accessionNumber: "S1-ACC" }));
    expect((await admin.get(`/orders/${order.id}`)).body).toMatchObject({
      studies: [],
      imagesReceived: false,
    });
    const ct = study({ id: "S-1", name: "Kim^Minjun=김^민준" }, "S1-ACC");
    await people.store(ct.first);
    expect((await linkOf(ct.uid, "linked")).patientId).toBe(patient.id);
    const { body } = await admin.get(`/orders/${order.id}`);
    expect(body).toMatchObject({ imagesReceived: true, status: "active" });
    expect(body["studies"]).toMatchObject([{ studyInstanceUid: ct.uid, instanceCount: 1 }]);
    const told = await audit.select<{ aggregate: string }>(
      `SELECT DISTINCT aggregate FROM outbox JOIN study ON study.orthanc_id = outbox.subject
       WHERE outbox.kind = 'study' AND study.study_instance_uid = '${ct.uid}'`,
    );
    expect(told).toEqual([{ aggregate: patient["patientKey"] }]);
    // One person in FHIR, whom the images are of.
    const key = `urn:neuronova:patient-key|${String(patient["patientKey"])}`;
    await until("the study in FHIR", async () => {
      const studies = await stack.fhir<{ subject: { reference: string } }>(
        `ImagingStudy?identifier=urn:dicom:uid|urn:oid:${ct.uid}`,
      );
      const persons = await stack.fhir<{ id: string }>(`Patient?identifier=${key}`);
      const [one, another] = persons;
      return another === undefined &&
        one !== undefined &&
        studies[0]?.subject.reference === `Patient/${one.id}`
        ? true
        : undefined;
    });
  });

  test("that was there before its patient is linked when the patient is registered; an id alone matches nobody", async () => {
    const [ct, elsewhere] = [study({ id: "S-2" }), study({ id: "S-2", issuer: "CLINIC" })];
    await people.store(ct.first, elsewhere.first);
    await linkOf(ct.uid, "unmatched");
    const patient = await registered("S-2", {
      name: { alphabetic: { family: "Kim", given: "Minjun" } },
      sex: "unknown",
    });
    expect((await linkOf(ct.uid, "linked")).patientId).toBe(patient.id);
    await linkOf(elsewhere.uid, "unmatched");
  });

  test("that contradicts the patient is linked by a person, who is recorded; a later image changes nothing", async () => {
    const patient = await registered("S-3");
    const ct = study({ id: "S-3", birthDate: "19810301" });
    await people.store(ct.first);
    const item = await itemOf(ct.uid);
    expect(item).toMatchObject({ kind: "study", reasons: ["birth-date-differs"], candidates: [patient.id] });
    await linkOf(ct.uid, "quarantined");
    const other = await registered("S-3-other");
    const resolve = (body: object) => admin.ask("POST", `/identity-worklist/${item.id}/resolve`, body);
    const stranger = await resolve({ action: "link", patientId: other.id, comment: "looks alike" });
    expect([stranger.status, stranger.body["code"]]).toEqual([422, "not-a-candidate"]);
    expect((await resolve({ action: "link", patientId: patient.id })).status).toBe(400);
    const resolved = await resolve({
      action: "link",
      patientId: patient.id,
      comment: "typing error at the CT",
    });
    expect(resolved.body).toMatchObject({
      state: "resolved",
      resolution: { action: "link", patientId: patient.id, by: { display: "Administrator" } },
    });
    const again = await resolve({ action: "reject", comment: "no" });
    expect([again.status, again.body["code"]]).toEqual([409, "identity-item-resolved"]);
    await people.store(ct.second);
    expect((await linkOf(ct.uid, "linked")).patientId).toBe(patient.id);
    expect((await items("open")).filter(({ study: about }) => about?.studyInstanceUid === ct.uid)).toEqual(
      [],
    );
    const entries = await audit.entries({ action: "identity-change" });
    expect(entries.map(({ target, outcome }) => [target, outcome])).toContainEqual([
      `identity-item:${item.id}`,
      "granted",
    ]);
  });

  test("leaves the worklist by itself when the patient's record is corrected", async () => {
    const patient = await registered("S-4", { sex: "female" });
    const ct = study({ id: "S-4" });
    await people.store(ct.first);
    expect((await itemOf(ct.uid)).reasons).toEqual(["sex-differs"]);
    await admin.patch(`/patients/${patient.id}`, 1, { sex: "male" });
    await linkOf(ct.uid, "linked");
    expect((await itemOf(ct.uid, "resolved")).resolution).toMatchObject({ action: "settled", by: null });
  });

  test("with a wholly different name is rejected, and stays nobody's until something about it changes", async () => {
    const patient = await registered("S-5");
    const ct = study({ id: "S-5", name: "Park^Jiwoo" });
    await people.store(ct.first);
    const item = await itemOf(ct.uid);
    expect(item.reasons).toEqual(["name-differs"]);
    await admin.ask("POST", `/identity-worklist/${item.id}/resolve`, {
      action: "reject",
      comment: "another patient's images",
    });
    await linkOf(ct.uid, "rejected");
    await people.store(ct.second);
    await linkOf(ct.uid, "rejected");
    await admin.patch(`/patients/${patient.id}`, 1, {
      name: { alphabetic: { family: "Park", given: "Jiwoo" } },
    });
    await linkOf(ct.uid, "linked");
  });

  test("without an issuer is nobody's by itself, however many have its id", async () => {
    const here = await registered("S-6");
    const there = await registered("S-6x", { identifiers: [{ issuer: "CLINIC", value: "S-6" }] });
    const ct = study({ id: "S-6", issuer: "" });
    await people.store(ct.first);
    const item = await itemOf(ct.uid);
    expect(item.reasons).toEqual(["issuer-missing"]);
    expect(item.candidates.toSorted()).toEqual([here.id, there.id].sort());
    await admin.ask("POST", `/identity-worklist/${item.id}/resolve`, {
      action: "link",
      patientId: there.id,
      comment: "sent from the clinic",
    });
    expect((await linkOf(ct.uid, "linked")).patientId).toBe(there.id);
  });

  test("with the accession number of another patient's order is shown with neither until a person decides", async () => {
    const [scanned, ordered] = [await registered("S-7"), await registered("S-8")];
    const order = await admin.create("orders", radiologyOrder(ordered.id, { accessionNumber: "S8-ACC" }));
    const ct = study({ id: "S-7" }, "S8-ACC");
    await people.store(ct.first);
    const item = await itemOf(ct.uid);
    expect(item.reasons).toEqual(["order-of-other-patient"]);
    expect(item.candidates).toEqual([scanned.id, ordered.id]);
    expect(await studiesOf(order.id)).toEqual([]);
    await admin.ask("POST", `/identity-worklist/${item.id}/resolve`, {
      action: "link",
      patientId: ordered.id,
      comment: "wrong patient chosen at the CT",
    });
    await linkOf(ct.uid, "linked");
    expect(await studiesOf(order.id)).toEqual([ct.uid]);
  });
});

describe("two records", () => {
  test("never have one identifier; those alike in name, birth date and sex are a question", async () => {
    const first = await registered("L-1");
    const taken = await admin.ask("POST", "/patients", {
      identifiers: [
        { issuer: "HOSPITAL", value: "L-new" },
        { issuer: "HOSPITAL", value: "L-1" },
      ],
      name: { alphabetic: { family: "Lee", given: "Other" } },
    });
    expect(taken.body).toMatchObject({ code: "identifier-taken", status: 409, patientId: first.id });
    const free = await admin.get("/patients?identifier=HOSPITAL|L-new");
    expect(free.body["records"]).toEqual([]);
    const many = await Promise.all(
      Array.from({ length: 4 }, () =>
        admin.ask("POST", "/patients", {
          identifiers: [{ issuer: "HOSPITAL", value: "L-race" }],
          name: { alphabetic: { family: "Race", given: "One" } },
        }),
      ),
    );
    expect(many.map(({ status }) => status).sort()).toEqual([201, 409, 409, 409]);

    const second = await registered("L-2");
    expect(second["possibleDuplicates"]).toEqual([first.id]);
    const pair = (await items("open")).find(({ kind }) => kind === "duplicate");
    expect(pair?.candidates).toEqual([first.id, second.id].sort());
  });

  test("of one person are merged, orders and studies with them; undone, everything is where it was", async () => {
    const [old, kept] = [await registered("M-1"), await registered("M-2", { sex: "unknown" })];
    const order = await admin.create("orders", radiologyOrder(old.id, { accessionNumber: "M1-ACC" }));
    const ct = study({ id: "M-1" }, "M1-ACC");
    await people.store(ct.first);
    await linkOf(ct.uid, "linked");
    const merge = await admin.ask("POST", "/merges", {
      mergedId: old.id,
      survivorId: kept.id,
      reason: "registered twice",
    });
    expect(merge.status).toBe(201);
    expect((await admin.get(`/patients/${old.id}`)).body["mergedInto"]).toBe(kept.id);
    expect((await admin.get(`/orders/${order.id}`)).body["patientId"]).toBe(kept.id);
    await until("the study at the survivor", async () =>
      (await linkOf(ct.uid, "linked")).patientId === kept.id ? true : undefined,
    );
    expect(await studiesOf(order.id)).toEqual([ct.uid]);
    const later = await admin.create("orders", radiologyOrder(kept.id));
    for (const [method, path, body] of [
      ["POST", "/orders", radiologyOrder(old.id)],
      ["POST", "/merges", { mergedId: old.id, survivorId: kept.id, reason: "again" }],
    ] as const) {
      const refused = await admin.ask(method, path, body);
      expect(refused.body, path).toMatchObject({
        status: 409,
        code: "patient-merged",
        mergedInto: kept.id,
      });
    }
    const undone = await admin.ask("POST", `/merges/${merge.body.id}/undo`, { reason: "two persons" });
    expect(undone.body).toMatchObject({
      undone: { reason: "two persons", by: { display: "Administrator" } },
    });
    expect((await admin.get(`/orders/${order.id}`)).body["patientId"]).toBe(old.id);
    expect((await admin.get(`/orders/${later.id}`)).body["patientId"]).toBe(kept.id);
    await until("the study back", async () =>
      (await linkOf(ct.uid, "linked")).patientId === old.id ? true : undefined,
    );
    const twice = await admin.ask("POST", `/merges/${merge.body.id}/undo`, { reason: "again" });
    expect(twice.body).toMatchObject({ status: 409, code: "merge-undone" });
    const { body } = await admin.get(`/patients/${old.id}/merges`);
    expect(body["merges"]).toMatchObject([{ id: merge.body.id, moved: [{ kind: "order", id: order.id }] }]);
    const told = await audit.select<{ subject: string }>(
      `SELECT subject FROM outbox WHERE kind = 'patient' AND subject IN ('${old.id}', '${kept.id}')`,
    );
    expect(told).toHaveLength(6);
  });
});
