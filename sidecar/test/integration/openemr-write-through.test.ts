import { afterAll, beforeAll, expect, test } from "vitest";
import { EmrClient, until, type EmrAnswer } from "../stack/emr-client.js";
import { OpenEmrServer } from "../stack/openemr-server.js";
import type { RunningStack } from "../stack/running-stack.js";
import { startStackWithOpenEmr } from "../stack/stack-with-openemr.js";

const WAIT_SECONDS = 1;
let openEmr: OpenEmrServer;
let stack: RunningStack;
let client: EmrClient;

beforeAll(async () => {
  openEmr = await OpenEmrServer.start();
  stack = await startStackWithOpenEmr(openEmr, {
    sidecarProcesses: [["api"], ["transcoding", "inference", "delivery"]],
    settings: {
      NEURONOVA_OPENEMR_PULL_SECONDS: "0",
      NEURONOVA_BREAKER_RESET_SECONDS: "3",
      NEURONOVA_OPENEMR_WAIT_SECONDS: String(WAIT_SECONDS),
    },
  });
  client = new EmrClient(stack, await stack.token());
});
afterAll(async () => {
  await stack.stop();
  await openEmr.stop();
});

const content = (mrn: string, rest: object = {}) => ({
  identifiers: [{ issuer: "HOSPITAL", value: mrn }],
  name: { alphabetic: { family: `Hong${mrn.replace(/\W/g, "")}`, given: "Gildong" } },
  birthDate: "1970-01-31",
  sex: "male",
  ...rest,
});
const create = (mrn: string) => client.ask("POST", "/patients", content(mrn));
const chart = (mrn: string) => openEmr.data.patients.filter(({ pubpid }) => pubpid === mrn);
const creations = () => openEmr.requests.filter((request) => request === "POST /patient").length;
const ofOpenEmr = ({ body }: EmrAnswer) =>
  (body["synchronisation"] as { destination: string; state: string; code?: string }[]).find(
    ({ destination }) => destination === "openemr",
  );

test("who saves a patient is answered when OpenEMR has them, and so is who changes one", async () => {
  const created = await create("W-1");
  expect([created.status, ofOpenEmr(created)?.state]).toEqual([201, "synchronised"]);
  expect(created.body).not.toHaveProperty("degraded");
  expect(chart("W-1")).toHaveLength(1);
  const changed = await client.patch(`/patients/${created.body.id}`, 1, { phone: "02-123-4567" });
  expect([changed.status, ofOpenEmr(changed)?.state]).toEqual([200, "synchronised"]);
  expect(chart("W-1")).toMatchObject([{ phone_contact: "02-123-4567" }]);
});

test("the one who waits and the delivery worker never both write", async () => {
  const before = creations();
  const numbers = Array.from({ length: 30 }, (_, index) => `W-once-${index}`);
  const answers = await Promise.all(numbers.map(create));
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([201]));
  await until("all charts", () =>
    Promise.resolve(numbers.every((mrn) => chart(mrn).length > 0) ? true : undefined),
  );
  expect(numbers.map((mrn) => chart(mrn).length)).toEqual(numbers.map(() => 1));
  expect(creations() - before).toBe(numbers.length);
});

test("a contradiction is told to who saves the patient, and the record is kept", async () => {
  openEmr.data.addPatient({
    fname: "Other",
    lname: "HongW3",
    DOB: "1970-01-31",
    sex: "Female",
    pubpid: "W-3",
  });
  const created = await create("W-3");
  expect(created.status).toBe(201);
  expect(ofOpenEmr(created)).toMatchObject({ state: "failed", code: "openemr-identity-conflict" });
  expect(created.body).not.toHaveProperty("degraded");
  const kept = await client.get(`/patients/${created.body.id}`);
  expect([kept.status, kept.body["sex"]]).toEqual([200, "male"]);
  expect(chart("W-3")).toMatchObject([{ sex: "Female" }]);
});

test("while OpenEMR is slow the answer comes in time, and says that it comes later; it does, once", async () => {
  openEmr.failNext(/^POST \/patient$/, { kind: "silence" });
  const began = performance.now();
  const created = await create("W-4");
  const seconds = (performance.now() - began) / 1_000;
  expect([created.status, created.body["degraded"], ofOpenEmr(created)?.state]).toEqual([
    201,
    "will synchronise",
    "waiting",
  ]);
  expect(seconds).toBeGreaterThan(WAIT_SECONDS * 0.9);
  expect(seconds).toBeLessThan(WAIT_SECONDS + 1);
  await until(
    "W-4",
    async () =>
      ofOpenEmr(await client.get(`/patients/${created.body.id}`))?.state === "synchronised"
        ? true
        : undefined,
    45,
  );
  expect(chart("W-4")).toHaveLength(1);
}, 60_000);

const median = (values: readonly number[]) =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Infinity;

test("while OpenEMR is away and the breaker open, nobody waits for it; when it is back, all of it once", async () => {
  openEmr.goAway();
  const numbers: string[] = [];
  const one = async () => {
    const mrn = `W-away-${numbers.length}`;
    numbers.push(mrn);
    const began = performance.now();
    const created = await create(mrn);
    const milliseconds = performance.now() - began;
    expect([created.status, created.body["degraded"]]).toEqual([201, "will synchronise"]);
    return milliseconds;
  };
  await until("an open breaker", async () => {
    await one();
    const { destinations } = await stack.json<{ destinations: { destination: string; breaker: string }[] }>(
      "/api/outbox",
    );
    return destinations.find(({ destination }) => destination === "openemr")?.breaker === "open"
      ? true
      : undefined;
  });
  // Nobody waits for what is away: not a moment of the time that is waited for an OpenEMR that is slow.
  const took: number[] = [];
  for (let request = 0; request < 11; request += 1) took.push(await one());
  expect(median(took)).toBeLessThan((WAIT_SECONDS * 1_000) / 2);
  openEmr.comeBack();
  await until("all charts", () =>
    Promise.resolve(numbers.every((mrn) => chart(mrn).length > 0) ? true : undefined),
  );
  expect(numbers.map((mrn) => chart(mrn).length)).toEqual(numbers.map(() => 1));
  const after = await until("an answer that waited", async () => {
    const created = await create(`W-back-${numbers.push("")}`);
    return created.body["degraded"] === undefined ? created : undefined;
  });
  expect(ofOpenEmr(after)?.state).toBe("synchronised");
});

test("a process killed while somebody waits loses nothing and doubles nothing", async () => {
  openEmr.failNext(/^POST \/patient$/, { kind: "silence" });
  const before = creations();
  const waiting = create("W-killed").catch(() => undefined);
  await until("the write", () => Promise.resolve(creations() > before ? true : undefined));
  for (const [name, process] of Object.entries(stack.local.processes))
    if (name.startsWith("sidecar")) process.kill("SIGKILL");
  await waiting;
  await until("W-killed", () => Promise.resolve(chart("W-killed").length > 0 ? true : undefined), 45);
  expect(chart("W-killed")).toHaveLength(1);
}, 60_000);
