import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { createDemoStudy } from "../../src/phantom/demo-study.js";
import type { EventRecorder } from "../stack/event-recorder.js";
import { RunningStack } from "../stack/running-stack.js";

let stack: RunningStack;
let events: EventRecorder;

beforeAll(async () => {
  stack = await RunningStack.start({ settings: { NEURONOVA_SWEEP_SECONDS: "1" } });
  events = await stack.events();
});

afterAll(async () => {
  events.close();
  await stack.stop();
});

interface Failure {
  readonly kind: string;
  readonly id: string;
  readonly reason: string;
  readonly attempts: number;
}

const patient = { name: "Secret^Name", id: "SECRET-ID", birthDate: "19700101", sex: "O" } as const;

/** The file with one of its UIDs written as no UID may be; Orthanc takes it, only an empty one it refuses. */
function withBrokenUid(bytes: Uint8Array, uid: string): Buffer {
  const broken = Buffer.from(bytes);
  for (let at = broken.indexOf(uid); at >= 0; at = broken.indexOf(uid, at + 1)) broken.write("x", at + 3);
  return broken;
}

const failures = async () => (await stack.json<{ failures: Failure[] }>("/api/failures")).failures;
const eventually = (check: () => Promise<void>) => vi.waitFor(check, { timeout: 30_000, interval: 100 });
const log = () => readFile(join(stack.local.logs, "sidecar.log"), "utf8");
const linesWith = async (text: string) => (await log()).split("\n").filter((line) => line.includes(text));

test("an instance whose UID is none is listed with the reason, retried, and gone with its file", async () => {
  const [file, other] = createDemoStudy({ seed: 61, slices: 2, rows: 16, columns: 16, patient });
  const sopInstanceUid = file?.sopInstanceUid ?? "";
  const { ID: id } = await stack.orthancJson<{ ID: string }>("/instances", {
    method: "POST",
    body: withBrokenUid(file?.bytes ?? new Uint8Array(), sopInstanceUid),
  });
  await eventually(async () => expect(await failures()).toHaveLength(1));
  expect(await failures()).toEqual([
    {
      kind: "arrival",
      id,
      studyInstanceUid: "",
      reason: "identity-unreadable: SOP Instance UID is missing or not a UID",
      attempts: 1,
    },
  ]);

  // A sweep found what happened to another instance, and nothing unknown.
  const { ID: otherId } = await stack.orthancJson<{ ID: string }>("/instances", {
    method: "POST",
    body: Buffer.from(other?.bytes ?? new Uint8Array()),
  });
  await events.until("rendition of the other", () => events.of("instance.rendered").length > 0);
  await stack.orthanc(`/instances/${otherId}`, { method: "DELETE" });
  await events.until("end of the other", () => events.of("instance.deleted").length > 0);
  await eventually(async () => {
    const sweeps = (await linesWith('"msg":"sweep"')).map((line) => JSON.parse(line) as { deleted: number });
    expect(sweeps.find(({ deleted }) => deleted === 1)).toMatchObject({ found: 0 });
  });
  expect(await linesWith("instance is left alone")).toHaveLength(1);

  const retried = await stack.fetch(`/api/failures/arrival/${id}/retry`, { method: "POST" });
  expect(retried.status).toBe(202);
  expect(await failures()).toMatchObject([{ kind: "arrival", id, attempts: 2 }]);
  expect(await linesWith("instance is left alone")).toHaveLength(2);
  expect(events.of("instance.arrived").map(({ sopInstanceUid: uid }) => uid)).toEqual([
    other?.sopInstanceUid,
  ]);

  await stack.orthanc(`/instances/${id}`, { method: "DELETE" });
  await eventually(async () => expect(await failures()).toEqual([]));
  const late = await stack.fetch(`/api/failures/arrival/${id}/retry`, { method: "POST" });
  expect(late.status).toBe(404);
  expect(await log()).not.toMatch(/Secret|SECRET|19700101/);
});

test("a refused instance that was deleted is not listed after a retry", async () => {
  const [file] = createDemoStudy({ seed: 62, slices: 1, rows: 16, columns: 16, patient });
  const seriesInstanceUid = file?.seriesInstanceUid ?? "";
  const { ID: id } = await stack.orthancJson<{ ID: string }>("/instances", {
    method: "POST",
    body: withBrokenUid(file?.bytes ?? new Uint8Array(), seriesInstanceUid),
  });
  await eventually(async () => expect((await failures()).map((failure) => failure.id)).toEqual([id]));
  await stack.orthanc(`/instances/${id}`, { method: "DELETE" });
  const retried = await stack.fetch(`/api/failures/arrival/${id}/retry`, { method: "POST" });
  expect([202, 404]).toContain(retried.status);
  expect(await failures()).toEqual([]);
});

test("who may not administer work neither sees refused instances nor retries them", async () => {
  const headers = { Authorization: `Bearer ${await stack.token("doctor")}` };
  expect((await stack.fetch("/api/failures", { headers })).status).toBe(403);
  const id = ["0", "1", "2", "3", "4"].map((digit) => digit.repeat(8)).join("-");
  const retry = await stack.fetch(`/api/failures/arrival/${id}/retry`, { method: "POST", headers });
  expect(retry.status).toBe(403);
  expect((await stack.fetch(`/api/failures/arrival/${id}/retry`, { method: "POST" })).status).toBe(404);
});
