import { afterAll, beforeAll, expect, test } from "vitest";
import { coded, EmrClient, until, type EmrAnswer } from "../stack/emr-client.js";
import { holdRows } from "../stack/held-row.js";
import { addSource, type HookSender } from "../stack/hook-sender.js";
import { RunningStack } from "../stack/running-stack.js";

let stack: RunningStack;
let admin: EmrClient;
let his: HookSender;

beforeAll(async () => {
  stack = await RunningStack.start({ sidecarProcesses: [["api"], ["delivery", "transcoding"]] });
  admin = new EmrClient(stack, await stack.token());
  his = await addSource(stack, {
    name: "his",
    types: ["order.created", "order.changed", "patient.merged"],
  });
});

afterAll(() => stack.stop());

const valueOf = ({ identifiers }: EmrAnswer["body"]) => (identifiers as { value: string }[])[0]?.value ?? "";
const order = (patient: EmrAnswer["body"], rest: object = {}) => ({
  patient: { value: valueOf(patient) },
  kind: "radiology",
  codes: coded("24727-0"),
  modality: "CT",
  ...rest,
});
const api = () => stack.local.processes["sidecar-api"] ?? expect.fail("there is no api process");

/** Kills it, waits for it to be there again. */
async function killApi(): Promise<void> {
  const { restarts } = api();
  api().kill("SIGKILL");
  await until(
    "the api process again",
    async () => {
      if (api().restarts === restarts) return undefined;
      const live = await fetch(`${stack.local.address}/api/health/live`).catch(() => undefined);
      return live?.ok === true ? true : undefined;
    },
    60,
  );
}

const claimed = (id: string) =>
  until(`the work on ${id}`, async () => {
    const rows = await stack.sql(
      `SELECT attempts FROM hook_message WHERE webhook_id = '${id}' AND lease_until IS NOT NULL`,
    );
    return (rows as unknown[]).length > 0 ? true : undefined;
  });

test("a process killed after 202, before anything was done: it is done once", async () => {
  const patient = await admin.patient();
  const letGo = await holdRows(stack, `SELECT * FROM emr_record WHERE id = '${patient.id}'`);
  try {
    expect((await his.send("order.created", order(patient), "killed-before")).status).toBe(202);
    await claimed("killed-before");
    await killApi();
  } finally {
    await letGo();
  }
  const { state, attempts, result } = await his.end("killed-before", 60);
  expect(state).toBe("done");
  expect(attempts).toBeGreaterThan(1);
  const { body } = await admin.get(`/orders?patientId=${patient.id}`);
  expect(body["records"]).toMatchObject([{ id: result?.["orderId"] }]);
});

test("a process killed when it was done, before that was noted: it is not done again", async () => {
  const [patient, other] = [await admin.patient(), await admin.patient()];
  const made = await his.tell("order.created", order(patient, { accessionNumber: "FAULT-1" }));
  const id = String(made.result?.["orderId"]);
  const work: readonly (readonly [string, object])[] = [
    ["order.created", order(patient)],
    ["order.changed", { accessionNumber: "FAULT-1", change: { note: "fasting" } }],
    ["patient.merged", { merged: { value: valueOf(patient) }, survivor: { value: valueOf(other) } }],
  ];
  for (const [index, [type, data]] of work.entries()) {
    const name = `killed-after-${index}`;
    // Held before it begins, so that it is known by its message when the message is held.
    const before = await holdRows(stack, `SELECT * FROM emr_record WHERE id = '${patient.id}'`);
    expect((await his.send(type, data, name)).status).toBe(202);
    await claimed(name);
    const after = await holdRows(stack, `SELECT * FROM hook_message WHERE webhook_id = '${name}'`);
    await before();
    await until(`what ${type} does`, async () => {
      const rows = await stack.sql(
        `SELECT (SELECT COUNT(*) FROM emr_record WHERE kind = 'order' AND patient_id = '${patient.id}') = 2 AS made,
           (SELECT version FROM emr_record WHERE id = '${id}') >= 2 AS changed,
           (SELECT COUNT(*) FROM emr_merge WHERE merged_id = '${patient.id}') = 1 AS merged`,
      );
      const [row] = rows as Record<string, number>[];
      return row?.[["made", "changed", "merged"][index] ?? ""] === 1 ? true : undefined;
    });
    await killApi();
    await after();
    expect(await his.end(name, 60), name).toMatchObject({ state: "done" });
  }
  const { body } = await admin.get(`/orders?patientId=${other.id}`);
  expect(body["records"]).toHaveLength(2);
  // Made, changed once, moved once.
  expect((await admin.get(`/orders/${id}`)).body).toMatchObject({ version: 3, note: "fasting" });
  expect((await admin.get(`/patients/${patient.id}/merges`)).body["merges"]).toHaveLength(1);
  const told = (await stack.sql(
    "SELECT COUNT(*) AS number FROM outbox WHERE kind = 'order' AND state = 'failed'",
  )) as { number: number }[];
  expect(told).toEqual([{ number: 0 }]);
}, 180_000);
