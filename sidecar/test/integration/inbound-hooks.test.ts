import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createDemoStudy } from "../../src/phantom/demo-study.js";
import { coded, EmrClient, until, type EmrAnswer } from "../stack/emr-client.js";
import { addSource, type HookSender } from "../stack/hook-sender.js";
import { RunningStack } from "../stack/running-stack.js";

const ALL = [
  "study.ready",
  "model.run",
  "order.created",
  "order.changed",
  "patient.merged",
  "report.received",
];
const RADIOLOGY = {
  system: "http://terminology.hl7.org/CodeSystem/v2-0074",
  code: "RAD",
  display: "Radiology",
};
let stack: RunningStack;
let admin: EmrClient;
let his: HookSender;
let seed = 700;

beforeAll(async () => {
  // Nothing becomes stable by itself while the tests run.
  stack = await RunningStack.start({ settings: { NEURONOVA_STABLE_AFTER_SECONDS: "600" } });
  admin = new EmrClient(stack, await stack.token());
  his = await addSource(stack, { name: "his", description: "Hospital information system", types: ALL });
});

afterAll(() => stack.stop());

function study(slices = 2) {
  seed += 1;
  const files = createDemoStudy({ seed, slices });
  const [image] = files;
  if (image === undefined) throw new Error("the demo study has no image");
  return { files: files.map(({ bytes }) => bytes), ...image };
}

const valueOf = (patient: EmrAnswer["body"]) =>
  (patient["identifiers"] as { value: string }[])[0]?.value ?? "";
const order = (patient: EmrAnswer["body"], rest: object = {}) => ({
  patient: { value: valueOf(patient) },
  kind: "radiology",
  codes: coded("24727-0", "CT Head W contrast IV"),
  modality: "CT",
  ...rest,
});

async function seriesStates(studyInstanceUid: string): Promise<string[]> {
  const { series } = await stack.json<{ series: { state: string }[] }>(`/api/studies/${studyInstanceUid}`);
  return series.map(({ state }) => state);
}

describe("what is told is done as the rest of the API does it", () => {
  test("an order is made, changed, and told to the FHIR server", async () => {
    const patient = await admin.patient();
    const made = await his.tell("order.created", order(patient, { accessionNumber: "HOOK-1" }));
    expect(made).toMatchObject({ state: "done", code: null, result: { accessionNumber: "HOOK-1" } });
    const id = String(made.result?.["orderId"]);
    expect((await admin.get(`/orders/${id}`)).body).toMatchObject({
      patientId: patient.id,
      accessionNumber: "HOOK-1",
      status: "active",
      version: 1,
      createdBy: { subject: "hook:his", display: "Hospital information system" },
    });
    const changed = await his.tell("order.changed", {
      accessionNumber: "HOOK-1",
      change: { status: "completed" },
    });
    expect(changed).toMatchObject({ state: "done", result: { orderId: id, version: 2 } });
    expect((await admin.get(`/orders/${id}`)).body).toMatchObject({ status: "completed", version: 2 });
    await until("the order in FHIR", async () => {
      const found = await stack.fhir<{ status: string }>("ServiceRequest?_count=100");
      return found.some(({ status }) => status === "completed") ? true : undefined;
    });
    const again = await his.tell("order.changed", {
      accessionNumber: "HOOK-1",
      change: { status: "active" },
    });
    expect(again).toMatchObject({ state: "failed", code: "order-step-unknown", result: null });
  });

  test("an order and its change, told one right after the other, are done in that order", async () => {
    const patient = await admin.patient();
    const ids = [1, 2, 3, 4].map((number) => `in-order-${number}`);
    await his.send("order.created", order(patient, { accessionNumber: "HOOK-2", status: "draft" }), ids[0]);
    for (const [index, status] of ["active", "on-hold", "active"].entries())
      await his.send("order.changed", { accessionNumber: "HOOK-2", change: { status } }, ids[index + 1]);
    for (const id of ids) expect((await his.end(id)).state).toBe("done");
    const { body } = await admin.get("/orders?accessionNumber=HOOK-2");
    expect(body["records"]).toMatchObject([{ status: "active", version: 4 }]);
  });

  test("a report is received", async () => {
    const patient = await admin.patient();
    const received = await his.tell("report.received", {
      patient: { issuer: "HOSPITAL", value: valueOf(patient) },
      category: RADIOLOGY,
      codes: coded("24727-0"),
      effectiveAt: "2026-03-01T11:00:00+09:00",
      conclusion: "급성 뇌경색 없음",
    });
    expect(received.state).toBe("done");
    const id = String(received.result?.["reportId"]);
    expect((await admin.get(`/reports/${id}`)).body).toMatchObject({
      patientId: patient.id,
      status: "final",
      conclusion: "급성 뇌경색 없음",
      createdBy: { subject: "hook:his" },
    });
    await until("the report in FHIR", async () => {
      const found = await stack.fhir<{ conclusion?: string }>("DiagnosticReport?_count=100");
      return found.some(({ conclusion }) => conclusion === "급성 뇌경색 없음") ? true : undefined;
    });
  });

  test("two records of a patient are merged", async () => {
    const [old, kept] = [await admin.patient(), await admin.patient()];
    const made = await his.tell("order.created", order(old));
    const merged = await his.tell("patient.merged", {
      merged: { value: valueOf(old) },
      survivor: { value: valueOf(kept) },
      reason: "ADT A40",
    });
    expect(merged).toMatchObject({ state: "done", result: { mergedId: old.id, survivorId: kept.id } });
    expect((await admin.get(`/patients/${old.id}`)).body).toMatchObject({ mergedInto: kept.id });
    expect((await admin.get(`/orders/${String(made.result?.["orderId"])}`)).body).toMatchObject({
      patientId: kept.id,
    });
    expect((await admin.get(`/patients/${kept.id}/merges`)).body["merges"]).toMatchObject([
      { reason: "ADT A40", mergedBy: { subject: "hook:his" } },
    ]);
    expect(await his.tell("order.created", order(old))).toMatchObject({
      state: "failed",
      code: "patient-merged",
    });
  });

  test("a study that is ready becomes stable at once, when all of it is here", async () => {
    const { files, studyInstanceUid } = study(3);
    await stack.storeOverWeb(files.slice(0, 2));
    await his.send("study.ready", { studyInstanceUid, instanceCount: 3 }, "ready-1");
    await until("that it waits", async () => {
      const { state, code, reason } = (await his.status("ready-1")).body;
      expect(state).toBe("pending");
      return code === "study-incomplete" && reason === "2 of 3 instances are here." ? true : undefined;
    });
    expect(await seriesStates(studyInstanceUid)).toEqual(["receiving"]);
    await stack.storeOverWeb(files.slice(2));
    expect(await his.end("ready-1", 60)).toMatchObject({ state: "done", result: { seriesSettled: 1 } });
    await until("the series is stable", async () =>
      (await seriesStates(studyInstanceUid))[0] === "stable" ? true : undefined,
    );
  });

  test("a model looks at a series, also one whose images come later than the message", async () => {
    const { files, studyInstanceUid, seriesInstanceUid } = study(12);
    await his.send("model.run", { seriesInstanceUid, model: "tumor_detection", priority: "high" }, "run-1");
    await until("that it waits", async () =>
      (await his.status("run-1")).body.code === "series-not-found" ? true : undefined,
    );
    await stack.storeOverWeb(files);
    await his.tell("study.ready", { studyInstanceUid, instanceCount: 12 });
    const { state, result } = await his.end("run-1", 60);
    expect(state).toBe("done");
    const [id] = result?.["jobIds"] as [number];
    const job = await stack.json<{ seriesInstanceUid: string; model: { name: string } }>(
      `/api/ai/jobs/${id}`,
    );
    expect(job).toMatchObject({ seriesInstanceUid, model: { name: "tumor_detection" } });
    expect(await his.tell("model.run", { seriesInstanceUid, model: "no_such_model" })).toMatchObject({
      state: "failed",
      code: "no-such-model",
    });
  });
});

describe("a message that comes again", () => {
  test("is answered as it is, and done once, also when it comes ten times at once", async () => {
    const patient = await admin.patient();
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => his.send("order.created", order(patient), "ten-times")),
    );
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 10 }, () => 202));
    expect(answers.filter(({ body }) => body.duplicate === false)).toHaveLength(1);
    const first = await his.end("ten-times");
    const again = await his.send("order.created", order(patient), "ten-times");
    expect(again).toMatchObject({ status: 202, body: { duplicate: true, state: "done" } });
    expect(again.body.result).toEqual(first.result);
    const { body } = await admin.get(`/orders?patientId=${patient.id}`);
    expect(body["records"]).toHaveLength(1);
  });

  test("with another body is refused", async () => {
    const patient = await admin.patient();
    await his.tell("order.created", order(patient), "another-body");
    const refused = await his.send("order.created", order(patient, { priority: "stat" }), "another-body");
    expect(refused).toMatchObject({ status: 422, body: { code: "webhook-id-reused" } });
  });

  test("of another source is another message", async () => {
    const lis = await addSource(stack, { name: "lis", types: ["order.created"] });
    const patient = await admin.patient();
    await his.tell("order.created", order(patient), "same-id");
    expect((await lis.send("order.created", order(patient), "same-id")).body.duplicate).toBe(false);
    await lis.end("same-id");
    const { body } = await admin.get(`/orders?patientId=${patient.id}`);
    expect(body["records"]).toHaveLength(2);
  });
});

describe("what a source may", () => {
  test("is what it was given: neither another type nor another permission", async () => {
    const narrow = await addSource(stack, {
      name: "narrow",
      types: ["order.created", "report.received"],
      permissions: ["emr-view", "order"],
    });
    const patient = await admin.patient();
    const other = await narrow.send("patient.merged", {});
    expect(other).toMatchObject({
      status: 403,
      body: { code: "hook-type-not-allowed", types: ["order.created", "report.received"] },
    });
    const report = {
      patient: { value: valueOf(patient) },
      category: RADIOLOGY,
      codes: coded("24727-0"),
      effectiveAt: "2026-03-01T11:00:00+09:00",
      conclusion: "none",
    };
    expect(await narrow.tell("report.received", report)).toMatchObject({
      state: "failed",
      code: "forbidden",
    });
    const { body } = await admin.get(`/reports?patientId=${patient.id}`);
    expect(body["records"]).toEqual([]);
  });

  test("reaches no patient and no study without one of its labels", async () => {
    const ward = await addSource(stack, {
      name: "ward",
      types: ["order.created", "patient.merged", "model.run"],
      labels: ["ward-1"],
    });
    const [one, other] = [await admin.patient(), await admin.patient()];
    const names = { merged: { value: valueOf(one) }, survivor: { value: valueOf(other) } };
    expect(await ward.tell("order.created", order(one))).toMatchObject({ code: "reference-invalid" });
    expect(await ward.tell("patient.merged", names)).toMatchObject({ code: "forbidden" });
  });

  test("is in the audit trail, before and after", async () => {
    const patient = await admin.patient();
    const { result } = await his.tell("order.created", order(patient), "audited");
    const { entries } = await stack.json<{ entries: { action: string; target: string; user: object }[] }>(
      "/api/audit?user=hook:his&limit=200",
    );
    const target = `order:${String(result?.["orderId"])}`;
    expect(entries.map((entry) => [entry.action, entry.target])).toContainEqual(["emr-create", target]);
    expect(entries.map(({ action }) => action)).toContain("hook-receive");
  });
});
