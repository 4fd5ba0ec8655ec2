import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { createDemoStudy, type DemoFile } from "../../src/phantom/demo-study.js";
import type { EventRecorder } from "../stack/event-recorder.js";
import { RenditionShelf } from "../stack/rendition-shelf.js";
import { RunningStack } from "../stack/running-stack.js";

const BACKGROUND_AFTER_SECONDS = 15;

let stack: RunningStack;
let events: EventRecorder;
let shelf: RenditionShelf;

beforeAll(async () => {
  stack = await RunningStack.start({
    sidecarProcesses: [["api", "delivery"], ["transcoding"]],
    settings: {
      NEURONOVA_BACKGROUND_AFTER_SECONDS: String(BACKGROUND_AFTER_SECONDS),
      NEURONOVA_TRANSCODING_THREADS: "1",
    },
  });
  events = await stack.events();
  shelf = new RenditionShelf(stack);
});

afterAll(async () => {
  events.close();
  await shelf.close();
  await stack.stop();
});

const eventually = (check: () => Promise<void>) => vi.waitFor(check, { timeout: 60_000, interval: 100 });

function filesOf(seed: number, slices: number): DemoFile[] {
  const patient = { name: "First^Start", id: `FIRST-${seed}`, birthDate: "19700101", sex: "O" as const };
  return createDemoStudy({ seed, slices, rows: 128, columns: 128, patient });
}

test("what was in the archive before the start is found without being asked for, and waits for what arrives", async () => {
  const old = filesOf(601, 120);
  const study = old[0]?.studyInstanceUid ?? "";
  const { "sidecar-api-delivery": api, "sidecar-transcoding": transcoding } = stack.local.processes;
  await Promise.all([api?.stop(), transcoding?.stop()]);
  await stack.storeOverDicom(old);
  // The archive's clock goes on until all of it is old.
  const stored = Date.now();
  await vi.waitUntil(() => Date.now() - stored > (BACKGROUND_AFTER_SECONDS + 1) * 1_000, {
    timeout: 60_000,
    interval: 200,
  });

  await api?.start();
  await eventually(async () => expect(await shelf.rows(study)).toHaveLength(120));
  const rows = await shelf.rows(study);
  expect(new Set(rows.map(({ rendition, urgency }) => `${rendition} ${urgency}`))).toEqual(
    new Set(["pending background"]),
  );
  await eventually(async () => expect(await shelf.queued("prioritized")).toBe(120));
  expect(await shelf.queued("waiting")).toBe(0);

  const [live] = filesOf(602, 1);
  expect((await stack.storeOverWeb([live?.bytes ?? new Uint8Array()])).status).toBe(200);
  await eventually(async () => expect(await shelf.queued("waiting")).toBe(1));
  await transcoding?.start();
  await events.until("all", () => events.of("instance.rendered").length === 121);
  const order = events.of("instance.rendered").map(({ studyInstanceUid }) => studyInstanceUid);
  // Several are in progress at once, and finished together: it is among the first, far before the last.
  const place = order.indexOf(live?.studyInstanceUid ?? "");
  expect(place).toBeLessThan(60);
  expect((await shelf.rows()).every(({ rendition }) => rendition === "rendered")).toBe(true);
});

test("retention counts from when the archive received an instance, not from when it was found", async () => {
  const [row] = await shelf.select<{ seconds: number }>(
    "SELECT MIN(TIMESTAMPDIFF(SECOND, arrived_at, rendered_at)) AS seconds FROM instance WHERE urgency = 'background'",
  );
  expect(row?.seconds).toBeGreaterThanOrEqual(BACKGROUND_AFTER_SECONDS);
});

test("a migration that was killed after its statements is taken for done", async () => {
  await shelf.change("DELETE FROM migration WHERE name = '0006-rendition-life'");
  expect(await shelf.command("status")).toMatchObject({ status: 0 });
  expect(await shelf.select("SELECT name FROM migration WHERE name = '0006-rendition-life'")).toHaveLength(1);
});
