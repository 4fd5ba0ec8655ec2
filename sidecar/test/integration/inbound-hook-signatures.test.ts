import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createDemoStudy } from "../../src/phantom/demo-study.js";
import { coded, EmrClient, type EmrAnswer } from "../stack/emr-client.js";
import { addSource, HookSender, type HookAnswer } from "../stack/hook-sender.js";
import { endOf, startProgramBeside } from "../stack/run-program.js";
import { RunningStack } from "../stack/running-stack.js";

const run = promisify(execFile);
const REFUSED = { status: 401, body: { code: "hook-signature-invalid" } };
let stack: RunningStack;
let admin: EmrClient;
let his: HookSender;
let patient: EmrAnswer["body"];

beforeAll(async () => {
  stack = await RunningStack.start();
  admin = new EmrClient(stack, await stack.token());
  his = await addSource(stack, { name: "lis", types: ["order.created", "order.changed"] });
  patient = await admin.patient();
});

afterAll(() => stack.stop());

const valueOf = ({ identifiers }: EmrAnswer["body"]) => (identifiers as { value: string }[])[0]?.value ?? "";
const order = () => ({
  patient: { value: valueOf(patient) },
  kind: "laboratory",
  codes: coded("718-7", "Hemoglobin"),
});

async function orders(): Promise<number> {
  const { body } = await admin.get(`/orders?patientId=${patient.id}&limit=200`);
  return (body["records"] as unknown[]).length;
}

describe("a message is refused", () => {
  const MINUTES = 60_000;
  const ago = (minutes: number) => new Date(Date.now() - minutes * MINUTES);

  test("that is signed by another secret, or not at all, or for another body", async () => {
    const before = await orders();
    const stranger = new HookSender(stack, "lis", "whsec_c3RyYW5nZXJzdHJhbmdlcnN0cmFuZ2Vyc3RyYW5nZXI=");
    expect(await stranger.send("order.created", order())).toMatchObject(REFUSED);
    const unsigned = {
      "webhook-id": "unsigned",
      "webhook-timestamp": String(Math.floor(Date.now() / 1_000)),
    };
    expect(await his.send("order.created", order(), "unsigned", { headers: unsigned })).toMatchObject(
      REFUSED,
    );
    for (const signature of ["v1,", "v1,AAAA", "v1a,AAAA", "AAAA", ""])
      expect(
        await his.send("order.created", order(), "unsigned", {
          headers: { ...unsigned, "webhook-signature": signature },
        }),
      ).toMatchObject(REFUSED);
    const nobody = new HookSender(stack, "nobody", his.secret);
    expect(await nobody.send("order.created", order())).toMatchObject(REFUSED);
    expect(await orders()).toBe(before);
  });

  test("that is older than five minutes, or from the future", async () => {
    const late = { status: 401, body: { code: "hook-timestamp-outside" } };
    expect(await his.send("order.created", order(), "old", { at: ago(6) })).toMatchObject(late);
    expect(await his.send("order.created", order(), "early", { at: ago(-6) })).toMatchObject(late);
    expect(await his.send("order.created", order(), "in-time", { at: ago(4) })).toMatchObject({
      status: 202,
    });
  });

  test("that is none: with the names of what does not fit, and without its values", async () => {
    const id = () => `garbage-${Math.random().toString(36).slice(2)}`;
    const refused = async (answer: Promise<HookAnswer>, status: number, body: object) =>
      expect(await answer).toMatchObject({ status, body });
    const malformed = { code: "request-malformed" };
    for (const body of ["", "{", "[]", "null", '"text"', "\u0000", "{}", '{"type":1}', "x".repeat(1_000)])
      await refused(his.post(body, id()), 400, malformed);
    await refused(his.post("x".repeat(300_000), id()), 413, { code: "body-too-large" });
    await refused(his.send("order.deleted", {}, id()), 422, {
      code: "hook-type-unknown",
      types: expect.arrayContaining(["study.ready", "report.received"]) as unknown,
    });
    await refused(his.send("__proto__", {}, id()), 422, { code: "hook-type-unknown" });
    await refused(his.send("study.ready", { studyInstanceUid: "1.2.3" }, id()), 403, {
      code: "hook-type-not-allowed",
      types: ["order.created", "order.changed"],
    });
    const secretly = { ...order(), modality: "Hong Gildong", patientId: "x" };
    const answer = await his.send("order.created", secretly, id());
    expect(answer).toMatchObject({ status: 400, body: malformed });
    expect(JSON.stringify(answer.body)).not.toContain("Gildong");
    await refused(his.send("order.created", { ...order(), codes: [] }, id()), 400, malformed);
    await refused(his.send("order.changed", { change: {} }, id()), 400, malformed);
    await refused(his.send("order.created", order(), "a/b"), 400, malformed);
  });
});

test("a replaced secret stays good for the overlap; both are shown once", async () => {
  const former = his.secret;
  const rotate = (overlapHours: number) =>
    stack.call<{ secret: string }>("POST", "/api/hook-sources/lis/secret", { overlapHours });
  his.secret = (await rotate(1)).body.secret;
  for (const secret of [former, his.secret])
    expect(
      (
        await his.send("order.created", order(), `both-${secret.slice(6, 12).replace(/\W/g, "_")}`, {
          secret,
        })
      ).status,
    ).toBe(202);
  const second = his.secret;
  his.secret = (await rotate(0)).body.secret;
  for (const secret of [former, second])
    expect(await his.send("order.created", order(), "after", { secret })).toMatchObject(REFUSED);
  expect((await his.send("order.created", order(), "after")).status).toBe(202);
  expect(JSON.stringify((await stack.call("GET", "/api/hook-sources/lis")).body)).not.toContain("whsec_");
  const [row] = (await stack.sql("SELECT sealed_secrets FROM hook_source WHERE name = 'lis'")) as {
    sealed_secrets: Buffer;
  }[];
  expect(row?.sealed_secrets.toString("latin1")).not.toContain(his.secret.slice(6, 30));
});

test("an API key speaks for the source that names it, and for no other", async () => {
  const key = async (name: string) =>
    (
      await stack.call<{ id: number; key: string }>("POST", "/api/api-keys", {
        name,
        permissions: ["view"],
        labels: [],
        validForDays: 1,
      })
    ).body;
  const [ours, other] = [await key("ours"), await key("other")];
  expect((await stack.call("PATCH", "/api/hook-sources/lis", { apiKeys: [ours.id] })).status).toBe(200);
  const as = (one: string, id: string) =>
    his.send("order.created", order(), id, {
      headers: { Authorization: `Bearer ${one}`, "webhook-id": id },
    });
  expect(await as(other.key, "by-key-1")).toMatchObject(REFUSED);
  expect(await as(await stack.token(), "by-key-1")).toMatchObject(REFUSED);
  expect((await as(ours.key, "by-key-1")).status).toBe(202);
  expect((await his.end("by-key-1")).state).toBe("done");
  const status = await fetch(`${stack.local.address}/api/hooks/lis/by-key-1`, {
    headers: { Authorization: `Bearer ${ours.key}` },
  });
  expect(await status.json()).toMatchObject({ state: "done", webhookId: "by-key-1" });
  await stack.call("DELETE", `/api/api-keys/${ours.id}`);
  await expect.poll(async () => (await as(ours.key, "by-key-2")).status).toBe(401);
});

test("a source sees its own messages only, by the id it signs", async () => {
  const other = await addSource(stack, { name: "other", types: ["order.created"] });
  await his.send("order.created", order(), "mine");
  expect((await his.status("mine")).status).toBe(200);
  expect(await other.status("mine")).toMatchObject({ status: 404, body: { code: "no-such-hook-message" } });
});

test("a source that is switched off tells nothing; what it told before fails, and is done when asked for again", async () => {
  const off = await addSource(stack, { name: "off", types: ["order.created"] });
  await stack.call("PATCH", "/api/hook-sources/off", { enabled: false });
  expect(await off.send("order.created", order())).toMatchObject({
    status: 403,
    body: { code: "hook-source-off" },
  });
  // As if it had come a moment before.
  await stack.sql(
    `INSERT INTO hook_message (source, webhook_id, type, lane, body_hash, data, address, received_at, waiting_since, next_attempt_at)
     VALUES ('off', 'before', 'order.created', 'records', '', '${JSON.stringify(order())}', '', UTC_TIMESTAMP(3), UTC_TIMESTAMP(3), UTC_TIMESTAMP(3))`,
  );
  interface Listed {
    readonly messages: { readonly id: number; readonly state: string; readonly code: string | null }[];
  }
  const listed = async () =>
    (await stack.call<Listed>("GET", "/api/hook-sources/off/messages")).body.messages;
  await expect
    .poll(async () => (await listed())[0], { timeout: 10_000 })
    .toMatchObject({
      state: "failed",
      code: "hook-source-off",
    });
  await stack.call("PATCH", "/api/hook-sources/off", { enabled: true });
  const [message] = await listed();
  expect((await stack.call("POST", `/api/hook-sources/off/messages/${message?.id}/replay`)).status).toBe(202);
  expect(await off.end("before")).toMatchObject({ state: "done" });
  expect((await stack.call("POST", `/api/hook-sources/off/messages/${message?.id}/replay`)).status).toBe(404);
});

test("who administers gives no more than they have", async () => {
  const permissions = ["view", "admin-permissions"];
  const { body } = await stack.call<{ key: string }>("POST", "/api/api-keys", {
    name: "administers",
    permissions,
    labels: ["*"],
    validForDays: 1,
  });
  const create = (source: object) =>
    fetch(`${stack.local.address}/api/hook-sources`, {
      method: "POST",
      headers: { Authorization: `Bearer ${body.key}`, "Content-Type": "application/json" },
      body: JSON.stringify({ issuer: "HOSPITAL", ...source }),
    });
  expect((await create({ name: "more", types: ["order.created"] })).status).toBe(403);
  expect((await create({ name: "less", types: ["order.created"], permissions: ["view"] })).status).toBe(201);
  const widened = await fetch(`${stack.local.address}/api/hook-sources/less`, {
    method: "PATCH",
    headers: { Authorization: `Bearer ${body.key}`, "Content-Type": "application/json" },
    body: JSON.stringify({ permissions: ["order"] }),
  });
  expect(widened.status).toBe(403);
});

test("the command registers, lists, replaces secrets and removes", async () => {
  const { webhookKey } = stack.local.secrets as unknown as { webhookKey: string };
  const hooks = (...args: string[]) =>
    endOf(startProgramBeside(stack, "cli", ["hooks", ...args], { NEURONOVA_WEBHOOK_KEY: webhookKey }));
  const added = await hooks("add", "ris", "--types", "order.created", "--issuer", "HOSPITAL");
  expect(added.status, added.output).toBe(0);
  const ris = new HookSender(stack, "ris", (JSON.parse(added.output) as { secret: string }).secret);
  expect((await ris.tell("order.created", order(), "by-command")).state).toBe("done");
  const listed = JSON.parse((await hooks("list", "--json")).output) as { name: string }[];
  expect(listed.map(({ name }) => name)).toContain("ris");
  expect((await hooks("list")).output).toMatch(/^ris\tenabled\tHOSPITAL\torder\.created$/m);
  const messages = JSON.parse((await hooks("messages", "ris", "--json")).output) as object[];
  expect(messages).toMatchObject([{ webhookId: "by-command", state: "done" }]);
  const former = ris.secret;
  ris.secret = (
    JSON.parse((await hooks("rotate", "ris", "--overlap-hours", "0")).output) as { secret: string }
  ).secret;
  expect(await ris.send("order.created", order(), "rotated", { secret: former })).toMatchObject(REFUSED);
  expect((await ris.send("order.created", order(), "rotated")).status).toBe(202);
  expect((await hooks("disable", "ris")).status).toBe(0);
  expect((await ris.send("order.created", order())).status).toBe(403);
  expect((await hooks("replay", "ris", "1")).status).toBe(64);
  expect((await hooks("remove", "ris")).status).toBe(0);
  expect(await ris.send("order.created", order())).toMatchObject(REFUSED);
  expect((await hooks("remove", "ris")).status).toBe(64);
});

test("the lines of docs/inbound-hooks.md work, one after another", async () => {
  const files = createDemoStudy({ seed: 771, slices: 12 });
  const [image] = files;
  if (image === undefined) throw new Error("the demo study has no image");
  await stack.storeOverWeb(files.map(({ bytes }) => bytes));
  const page = await readFile(new URL("../../../docs/inbound-hooks.md", import.meta.url), "utf8");
  const blocks = [...page.matchAll(/```sh\n([\s\S]*?)```/g)].map(([, lines = ""]) => lines);
  expect(blocks.length).toBe(8);
  const directory = await mkdtemp(join(tmpdir(), "neuronova-hooks-"));
  try {
    await run("bash", ["-euc", blocks.join("\n")], {
      cwd: directory,
      env: {
        PATH: process.env["PATH"],
        NEURONOVA: stack.local.address,
        TOKEN: await stack.token(),
        STUDY: image.studyInstanceUid,
        SERIES: image.seriesInstanceUid,
        PATIENT: valueOf(await admin.patient()),
        FORMER: valueOf(await admin.patient()),
      },
    });
    const { secret } = JSON.parse(await readFile(join(directory, "source.json"), "utf8")) as {
      secret: string;
    };
    const told = new HookSender(stack, "his", secret);
    for (const id of ["ready-1", "run-1", "order-1", "order-2", "merge-1", "report-1"])
      expect(await told.end(id, 60), id).toMatchObject({ state: "done" });
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
});
