import { createServer } from "node:http";
import { once } from "node:events";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import type { OrthancId } from "../../src/dicom/uid.js";
import { createDemoStudy } from "../../src/phantom/demo-study.js";
import type { EventRecorder } from "../stack/event-recorder.js";
import { RunningStack } from "../stack/running-stack.js";

const IMAGES = 60;

let stack: RunningStack;
let events: EventRecorder;

beforeAll(async () => {
  stack = await RunningStack.start({
    sidecarProcesses: [["api"], ["transcoding"]],
    // Nothing is found by the sweep, but what is there at the start.
    settings: { NEURONOVA_SWEEP_SECONDS: "3600" },
  });
  events = await stack.events();
});

afterAll(async () => {
  events.close();
  await stack.stop();
});

const store = async (bytes: Uint8Array): Promise<OrthancId> =>
  (await stack.orthancJson<{ ID: OrthancId }>("/instances", { method: "POST", body: bytes })).ID;

const arrived = (uid: string) =>
  events.of("instance.arrived").filter(({ sopInstanceUid }) => sopInstanceUid === uid);

/** Answers in the place of the api process while that is stopped. @returns what each notification named */
async function withListener(work: (heard: readonly OrthancId[][]) => Promise<void>): Promise<void> {
  const heard: OrthancId[][] = [];
  await stack.local.processes["sidecar-api"]?.stop();
  const listener = createServer((request, response) => {
    let body = "";
    request.setEncoding("utf8").on("data", (text: string) => (body += text));
    request.on("end", () => {
      if (request.url === "/internal/arrival")
        heard.push((JSON.parse(body) as { instances: OrthancId[] }).instances);
      response.writeHead(202).end();
    });
  }).listen(stack.local.ports.sidecar[0], "127.0.0.1");
  await once(listener, "listening");
  try {
    await work(heard);
  } finally {
    listener.closeAllConnections();
    await new Promise((resolve) => listener.close(resolve));
    await stack.local.processes["sidecar-api"]?.start();
  }
}

test("of a burst Orthanc's script tells once in a second, and names each image at most once", async () => {
  const files = createDemoStudy({ seed: 9_101, slices: IMAGES, rows: 16, columns: 16 });
  const stored: OrthancId[] = [];
  await withListener(async (heard) => {
    const began = Date.now();
    for (const { bytes } of files) stored.push(await store(bytes));
    const seconds = Math.ceil((Date.now() - began) / 1_000);
    await vi.waitFor(() => expect(heard.length).toBeGreaterThan(0), { timeout: 10_000 });
    // The first alone; whole seconds of the clock, so that there may be one more.
    expect(heard[0]).toEqual([stored[0]]);
    expect(heard.length).toBeLessThanOrEqual(seconds + 1);
    // What was not told goes with the next.
    await new Promise((resolve) => setTimeout(resolve, 1_100));
    const [late] = createDemoStudy({ seed: 9_102, slices: 1, rows: 16, columns: 16 });
    stored.push(await store(late?.bytes ?? new Uint8Array()));
    await vi.waitFor(() => expect(heard.flat()).toContain(stored.at(-1)), { timeout: 10_000 });
    expect(heard.flat()).toEqual(stored);
  });
  // Nobody of the sidecar heard: the change log has them.
  await events.until("all", () => files.every(({ sopInstanceUid }) => arrived(sopInstanceUid).length === 1));
});

test("an image that is told of and is not in the change log is recorded all the same", async () => {
  const [file] = createDemoStudy({ seed: 9_103, slices: 1, rows: 16, columns: 16 });
  const pid = stack.local.processes["sidecar-api"]?.pid ?? 0;
  process.kill(pid, "SIGSTOP");
  try {
    await store(file?.bytes ?? new Uint8Array());
    // The script has given up waiting for an answer, and Orthanc answers others again.
    await vi.waitFor(
      async () => expect((await stack.orthanc("/changes", { method: "DELETE" })).status).toBe(200),
      { timeout: 30_000 },
    );
  } finally {
    process.kill(pid, "SIGCONT");
  }
  await events.until("its arrival", () => arrived(file?.sopInstanceUid ?? "").length > 0, 30);
  await events.until(
    "its rendition",
    () => events.of("instance.rendered", file?.studyInstanceUid).length > 0,
  );
});

test("each image of a burst arrives once, and is rendered once the burst is over", async () => {
  const files = createDemoStudy({ seed: 9_104, slices: 200, rows: 16, columns: 16 });
  const next = files.values();
  const lane = async () => {
    for (const { bytes } of next) await store(bytes);
  };
  await Promise.all([lane(), lane(), lane(), lane()]);
  const study = files[0]?.studyInstanceUid;
  await events.until("renditions", () => events.of("instance.rendered", study).length === files.length);
  for (const { sopInstanceUid } of files) expect(arrived(sopInstanceUid)).toHaveLength(1);
});
