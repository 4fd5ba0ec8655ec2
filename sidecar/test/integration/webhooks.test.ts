import { Webhook as Verifier } from "standardwebhooks";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createDemoStudy } from "../../src/phantom/demo-study.js";
import { RunningStack } from "../stack/running-stack.js";
import { WebhookReceiver } from "../stack/webhook-receiver.js";

interface Created {
  readonly id: number;
  readonly secret: string;
}
interface Payload {
  readonly id: string;
  readonly type: string;
  readonly subject?: string;
  readonly sequence?: string;
  readonly specversion: string;
}

const FAMILIES = ["instance.*", "series.*", "analysis.*", "study.*"];
const open: WebhookReceiver[] = [];
let stack: RunningStack;

beforeAll(async () => {
  stack = await RunningStack.start({
    sidecarProcesses: [["api", "transcoding"], ["inference", "delivery"], ["delivery"]],
    settings: { NEURONOVA_WEBHOOK_NETWORKS: "127.0.0.0/8" },
  });
});

afterAll(async () => {
  for (const receiver of open) await receiver.close().catch(() => undefined);
  await stack.stop();
});

async function receiver(): Promise<WebhookReceiver> {
  const made = await new WebhookReceiver().open();
  open.push(made);
  return made;
}

async function subscribe(url: string, events: readonly string[], rest: object = {}): Promise<Created> {
  const created = await stack.call<Created>("POST", "/api/webhooks", { url, events, ...rest });
  expect(created.status, JSON.stringify(created.body)).toBe(201);
  return created.body;
}

const payloads = ({ received }: WebhookReceiver) => received.map(({ body }) => JSON.parse(body) as Payload);
const small = (seed: number) => createDemoStudy({ seed, slices: 2, rows: 32, columns: 32 });

test("every event of a study comes once, in order, signed so that the reference library takes it", async () => {
  const ours = await receiver();
  const { secret } = await subscribe(ours.url, FAMILIES);
  const onlyCt = await receiver();
  await subscribe(onlyCt.url, FAMILIES, { filter: { modalities: ["CT"] } });
  const onlyMr = await receiver();
  await subscribe(onlyMr.url, ["series.stable"], { filter: { modalities: ["MR"] } });

  const heard = await stack.events();
  const files = small(901);
  const study = files[0]?.studyInstanceUid ?? "";
  await stack.storeOverWeb(files.map(({ bytes }) => bytes));
  await heard.until("end", () => heard.of("study.synchronised", study).length > 0);
  const wanted = () => heard.events.filter(({ event }) => event !== "analysis.progress");
  await ours.until("events", (received) => received.length >= wanted().length);
  heard.close();

  const verifier = new Verifier(secret);
  for (const { body, headers } of ours.received)
    expect(verifier.verify(body, headers as Record<string, string>)).toBeTruthy();
  const got = payloads(ours);
  const sequences = got.map(({ sequence }) => Number(sequence));
  expect(sequences).toEqual([...new Set(sequences)].sort((one, other) => one - other));
  for (const { sequence, event, studyInstanceUid } of wanted())
    expect(got).toContainEqual(
      expect.objectContaining({ sequence: String(sequence), type: event, subject: studyInstanceUid }),
    );
  expect(got.every(({ specversion }) => specversion === "1.0")).toBe(true);
  expect(ours.received.map(({ headers }) => headers["webhook-id"])).toEqual(got.map(({ id }) => id));
  // Nothing says who the patient is.
  const told = ours.received.map(({ body, headers }) => body + JSON.stringify(headers)).join("\n");
  expect(told).not.toMatch(/DEMO-0001|Gildong|길동|19700101/);

  await onlyMr.until("the series", (received) => received.length === 1);
  expect(onlyCt.received).toEqual([]);
});

test("its secret is shown once, and lies sealed in the database", async () => {
  const { id, secret } = await subscribe((await receiver()).url, ["series.stable"]);
  const { body } = await stack.call<object>("GET", `/api/webhooks/${id}`);
  expect(JSON.stringify(body)).not.toContain("whsec_");
  expect(JSON.stringify((await stack.call("GET", "/api/webhooks")).body)).not.toContain("whsec_");
  const rows = await stack.sql(`SELECT url, sealed_secrets FROM webhook WHERE id = ${id}`);
  const [row] = rows as { url: string; sealed_secrets: Buffer }[];
  expect(row?.url).toContain("127.0.0.1");
  expect(row?.sealed_secrets.length).toBeGreaterThan(secret.length);
  expect(row?.sealed_secrets.toString("latin1")).not.toContain(secret.slice(6, 30));
  const audit = await stack.fetch("/api/audit?limit=200");
  expect(await audit.text()).not.toContain(secret.slice(6, 30));
});

test("a receiver that is away loses nothing: in order when it is back, though the process that delivers is killed", async () => {
  const away = await receiver();
  const { id } = await subscribe(away.url, ["instance.arrived", "series.stable"]);
  await away.close();
  const heard = await stack.events();
  for (const seed of [911, 912]) await stack.storeOverWeb(small(seed).map(({ bytes }) => bytes));
  await heard.until("stable series", () => heard.of("series.stable").length === 2);
  heard.close();
  type Deliveries = { deliveries: { state: string; attempts: number; code: string | null }[] };
  const deliveries = async () =>
    (await stack.call<Deliveries>("GET", `/api/webhooks/${id}/deliveries`)).body.deliveries;
  await expect
    .poll(async () => (await deliveries()).at(-1), { timeout: 30_000 })
    .toMatchObject({
      state: "pending",
      code: "webhook-unreachable",
    });
  for (const name of ["sidecar-inference-delivery", "sidecar-delivery"])
    stack.local.processes[name]?.kill("SIGKILL");
  await away.open();
  await away.until("all events", (received) => received.length >= 6, 90);
  const sequences = payloads(away).map(({ sequence }) => Number(sequence));
  expect([...new Set(sequences)]).toEqual([...new Set(sequences)].sort((one, other) => one - other));
  expect(new Set(sequences).size).toBe(6);
  await expect.poll(async () => (await deliveries()).every(({ state }) => state === "delivered")).toBe(true);
  expect((await stack.call<{ failures: number }>("GET", `/api/webhooks/${id}`)).body.failures).toBe(0);
});

test("one receiver that fails does not hold up another", async () => {
  const [bad, good] = [await receiver(), await receiver()];
  bad.answer = () => ({ status: 500 });
  await subscribe(bad.url, ["series.stable"]);
  await subscribe(good.url, ["series.stable"]);
  await stack.storeOverWeb(small(921).map(({ bytes }) => bytes));
  await good.until("the series", (received) => received.length === 1);
});

test("410 disables it; what had not come is kept, and is sent once it is enabled again and asked for", async () => {
  const gone = await receiver();
  gone.answer = () => ({ status: 410 });
  const { id } = await subscribe(gone.url, ["series.stable"]);
  await stack.storeOverWeb(small(931).map(({ bytes }) => bytes));
  const state = () =>
    stack.call<{ enabled: boolean; disabledCode: string | null }>("GET", `/api/webhooks/${id}`);
  await expect
    .poll(async () => (await state()).body, { timeout: 30_000 })
    .toMatchObject({ enabled: false, disabledCode: "gone" });
  gone.answer = () => ({ status: 204 });
  const replay = () => stack.call<{ replayed: number }>("POST", `/api/webhooks/${id}/deliveries/replay`);
  expect((await stack.call("PATCH", `/api/webhooks/${id}`, { enabled: true })).status).toBe(200);
  expect((await replay()).body).toEqual({ replayed: 1 });
  await gone.until("the series", (received) => received.length === 1);
  // One that was delivered is sent again with the identifier it had.
  const delivered = async () =>
    (
      await stack.call<{ deliveries: { id: number; webhookId: string }[] }>(
        "GET",
        `/api/webhooks/${id}/deliveries?state=delivered`,
      )
    ).body.deliveries;
  await expect.poll(async () => (await delivered()).length, { timeout: 10_000 }).toBe(1);
  const [entry] = await delivered();
  expect((await stack.call("POST", `/api/webhooks/${id}/deliveries/${entry?.id}/replay`)).status).toBe(202);
  await gone.until("it again", (received) => received.length === 2);
  expect(gone.received.map(({ headers }) => headers["webhook-id"])).toEqual([
    entry?.webhookId,
    entry?.webhookId,
  ]);
});

test("a ping tries it out; while the secret is replaced both are good", async () => {
  const ours = await receiver();
  const { id, secret } = await subscribe(ours.url, ["series.stable"]);
  const rotated = await stack.call<{ secret: string }>("POST", `/api/webhooks/${id}/secret`, {
    overlapHours: 1,
  });
  expect(rotated.status).toBe(201);
  expect((await stack.call("POST", `/api/webhooks/${id}/ping`)).status).toBe(202);
  await ours.until("the ping", (received) => received.length === 1);
  const [ping] = ours.received;
  for (const one of [secret, rotated.body.secret])
    expect(new Verifier(one).verify(ping?.body ?? "", ping?.headers as Record<string, string>)).toMatchObject(
      {
        type: "webhook.ping",
      },
    );
  await stack.call("POST", `/api/webhooks/${id}/secret`, { overlapHours: 0 });
  await stack.call("POST", `/api/webhooks/${id}/ping`);
  await ours.until("the second ping", (received) => received.length === 2);
  const [, second] = ours.received;
  expect(() =>
    new Verifier(secret).verify(second?.body ?? "", second?.headers as Record<string, string>),
  ).toThrow();
});

test("addresses within are refused, and so is what is no webhook", async () => {
  const events = ["series.stable"];
  for (const url of ["https://10.0.0.1/", "https://169.254.169.254/", "https://[fd00::1]/"])
    expect((await stack.call("POST", "/api/webhooks", { url, events })).body).toMatchObject({
      code: "webhook-address-refused",
    });
  expect((await stack.call("POST", "/api/webhooks", { url: "file:///etc/passwd", events })).status).toBe(400);
  expect(
    (await stack.call("POST", "/api/webhooks", { url: "https://example.org/", events: ["no.such"] })).status,
  ).toBe(400);
});

test("one that is removed is not called any more", async () => {
  const ours = await receiver();
  const { id } = await subscribe(ours.url, ["series.stable"]);
  expect((await stack.call("DELETE", `/api/webhooks/${id}`)).status).toBe(204);
  expect((await stack.call("GET", `/api/webhooks/${id}`)).status).toBe(404);
  const witness = await receiver();
  await subscribe(witness.url, ["series.stable"]);
  await stack.storeOverWeb(small(941).map(({ bytes }) => bytes));
  await witness.until("the series", (received) => received.length === 1);
  expect(ours.received).toEqual([]);
});
