import { createHash } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createDemoStudy, type DemoFile } from "../../src/phantom/demo-study.js";
import type { EventRecorder } from "../stack/event-recorder.js";
import { PASSWORD, People, type SessionTokens } from "../stack/people.js";
import { ReviewedResults } from "../stack/reviewed-results.js";
import { RunningStack } from "../stack/running-stack.js";
import { WatchedRedis } from "../stack/watched-redis.js";
import { WebhookReceiver } from "../stack/webhook-receiver.js";

const SLICES = 16;
const PATIENT = {
  name: "Privatova^Lada=閔^私蘭=민^사란",
  id: "PRIV-44107",
  birthDate: "19530719",
  sex: "F" as const,
};
/** Text is looked for in parts, as a program may take a name apart. */
const secrets: Record<string, string> = {
  "family name": "Privatova",
  "ideographic name": "私蘭",
  "phonetic name": "사란",
  "Patient ID": PATIENT.id,
  // Orthanc's name of a patient: whoever has a list of Patient IDs finds the one that makes it.
  "digest of the Patient ID": sha1(PATIENT.id),
  "digest of the Patient ID, as Orthanc writes it": (sha1(PATIENT.id).match(/.{8}/g) ?? []).join("-"),
  "birth date": PATIENT.birthDate,
  "birth date as FHIR has it": "1953-07-19",
  "Accession Number": "ACC-90317",
  "referring physician": "Confidant",
  "review comment": "seen before at the clinic",
};

let stack: RunningStack;
let redis: WatchedRedis;
let events: EventRecorder;
let people: People;
let results: ReviewedResults;
let receiver: WebhookReceiver;
let doctor: string;
let study: string;

beforeAll(async () => {
  stack = await RunningStack.start({
    sidecarProcesses: [["api"], ["transcoding"], ["inference"], ["delivery"]],
    settings: { NEURONOVA_STABLE_AFTER_SECONDS: "0.5", NEURONOVA_WEBHOOK_NETWORKS: "127.0.0.0/8" },
  });
  Object.assign(secrets, stack.local.secrets, { "password of an account": PASSWORD });
  events = await stack.events();
  people = new People(stack);
  results = new ReviewedResults(stack, events);
  receiver = await new WebhookReceiver().open();
});

afterAll(async () => {
  for (const name of ["sidecar-transcoding", "sidecar-inference"]) resume(name);
  events.close();
  await receiver.close();
  await stack.stop();
});

const watch = () => WatchedRedis.watch(stack.local.redisSocket, stack.local.secrets.redisPassword);

const made = (seed: number): DemoFile[] =>
  createDemoStudy({
    seed,
    slices: SLICES,
    rows: 64,
    columns: 64,
    patient: PATIENT,
    accessionNumber: "ACC-90317",
    referringPhysicianName: "Confidant^Orla",
  });

/** Holds a process as it is: what is queued for it stays in the queue. */
function hold(name: string): void {
  stack.local.processes[name]?.kill("SIGSTOP");
}

function resume(name: string): void {
  stack.local.processes[name]?.kill("SIGCONT");
}

/** Waits until the queue of a step holds jobs, and looks at them and at all else that Redis has. */
async function queued(step: string, count: number): Promise<void> {
  await expect.poll(async () => (await redis.payloads(step)).length, { timeout: 60_000 }).toBe(count);
  for (const payload of await redis.payloads(step))
    expect(Object.keys(payload).sort()).toEqual(["key", "stamp"]);
  expect(await redis.heldNow(secrets)).toEqual([]);
}

function sha1(text: string): string {
  return createHash("sha1").update(text).digest("hex");
}

test("what is looked for would be found, also in another form", async () => {
  const planted = await watch();
  await planted.plant("planted", "of Privatova");
  await planted.plant("planted", "민^사란");
  await planted.plant("planted", Buffer.from(`id ${PATIENT.id}`).toString("base64"));
  const names = ["family name", "phonetic name", "Patient ID"];
  expect(await planted.heldNow(secrets)).toEqual(names.map((name) => `${name} in planted`));
  await planted.remove("planted");
  expect(await planted.heldNow(secrets)).toEqual([]);
  expect(await planted.everSent(secrets)).toEqual(names);
  planted.close();
});

describe("Redis holds no patient and no secret", () => {
  beforeAll(async () => {
    redis = await watch();
  });
  afterAll(() => redis.close());

  test("when people and programs come and go", async () => {
    const wrong = { username: "reader", password: "a wrong password" };
    secrets["wrong password"] = wrong.password;
    await people.create("reader", "radiologist", { displayName: "Reader" });
    expect((await people.call(undefined, "POST", "/api/auth/login", wrong)).status).toBe(401);
    const session = await people.logIn("reader");
    const { refreshToken } = session;
    const renewed = await people.call<SessionTokens>(undefined, "POST", "/api/auth/refresh", {
      refreshToken,
    });
    expect(renewed.status).toBe(200);
    const left = { refreshToken: renewed.body.refreshToken };
    expect((await people.call(undefined, "POST", "/api/auth/logout", left)).status).toBe(204);
    doctor = (await people.logIn("reader")).accessToken;
    const admin = await stack.token();
    const key = await people.call<{ id: number; key: string }>(admin, "POST", "/api/api-keys", {
      name: "engine",
      permissions: ["view"],
      labels: ["*"],
      validForDays: 1,
    });
    expect((await people.call(key.body.key, "GET", "/dicom-web/studies")).status).toBe(200);
    expect((await people.call(admin, "DELETE", `/api/api-keys/${key.body.id}`)).status).toBe(204);
    const hook = await people.call<{ secret: string }>(admin, "POST", "/api/webhooks", {
      url: receiver.url,
      events: ["instance.*", "series.*", "analysis.*", "study.*"],
    });
    expect(hook.status).toBe(201);
    Object.assign(secrets, {
      "access token": session.accessToken,
      "renewed access token": renewed.body.accessToken,
      "reader's access token": doctor,
      "administrator's access token": admin,
      "refresh token": refreshToken,
      "renewed refresh token": left.refreshToken,
      "API key": key.body.key,
      "webhook secret": hook.body.secret.replace("whsec_", ""),
    });
    expect(await redis.heldNow(secrets)).toEqual([]);
  });

  test("while images wait for their rendition", async () => {
    hold("sidecar-transcoding");
    const files = made(601);
    study = files[0]?.studyInstanceUid ?? "";
    await stack.storeOverDicom(files);
    await queued("transcode-instance", SLICES);
  });

  test("while a series and a question wait for a model", async () => {
    hold("sidecar-inference");
    resume("sidecar-transcoding");
    await queued("run-analysis", 1);
    const question = { studyInstanceUid: study, model: "tumor_detection" };
    const series = made(601)[0]?.seriesInstanceUid;
    const asked = await fetch(`${stack.local.address}/api/inference`, {
      method: "POST",
      headers: { Authorization: `Bearer ${doctor}`, "Content-Type": "application/json", Prefer: "wait=0" },
      body: JSON.stringify({ ...question, seriesInstanceUid: series }),
    });
    expect(asked.status, await asked.text()).toBe(202);
    await queued("answer-inference", 1);
    resume("sidecar-inference");
    await events.until("stable results", () => events.of("series.stable", study).length >= 3);
  });

  test("while a decision waits to be carried out", async () => {
    const id = await results.nextResult(study, 1);
    const { reportSopInstanceUid } = await results.result(id);
    hold("sidecar-inference");
    const decision = { decision: "accepted", comment: "Privatova, seen before at the clinic" };
    const answer = await results.review(id, { reportSopInstanceUid, ...decision }, doctor);
    expect(answer.status, JSON.stringify(answer.body)).toBe(200);
    await queued("apply-review", 1);
    resume("sidecar-inference");
    await results.applied(study, 1);
    const link = await people.call<{ token: string }>(doctor, "POST", "/api/share-links", {
      studyInstanceUids: [study],
      expiresAt: new Date(Date.now() + 86_400_000).toISOString(),
    });
    expect(link.status).toBe(201);
    const { token } = link.body;
    const visitor = await people.call<SessionTokens>(undefined, "POST", "/api/share-links/exchange", {
      token,
    });
    expect(visitor.status).toBe(200);
    Object.assign(secrets, { "share link": token, "visitor's token": visitor.body.accessToken });
    expect(await redis.heldNow(secrets)).toEqual([]);
  });

  test("while jobs that failed wait for their next attempt", async () => {
    hold("sidecar-transcoding");
    const files = made(602);
    await stack.storeOverDicom(files);
    await queued("transcode-instance", SLICES);
    await stack.local.processes["orthanc"]?.stop();
    resume("sidecar-transcoding");
    await expect.poll(() => redis.failures("transcode-instance"), { timeout: 60_000 }).toBeGreaterThan(0);
    expect(await redis.heldNow(secrets)).toEqual([]);
    await stack.local.processes["orthanc"]?.start();
    const other = files[0]?.studyInstanceUid;
    await events.until("renditions", () => events.of("instance.rendered", other).length === SLICES);
  });

  test("in any command that anybody has sent it meanwhile", async () => {
    await receiver.until("the study", () => receiver.types.includes("study.synchronised"));
    expect(redis.commandCount).toBeGreaterThan(SLICES);
    expect(await redis.everSent(secrets)).toEqual([]);
  });
});
