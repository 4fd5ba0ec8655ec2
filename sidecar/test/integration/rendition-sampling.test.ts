import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { createDemoStudy } from "../../src/phantom/demo-study.js";
import { RENDITION_FORMAT } from "../../src/transcoding/rendition.js";
import type { EventRecorder } from "../stack/event-recorder.js";
import { RenditionShelf } from "../stack/rendition-shelf.js";
import { RunningStack } from "../stack/running-stack.js";

let stack: RunningStack;
let events: EventRecorder;
let shelf: RenditionShelf;

beforeAll(async () => {
  // 36,000 in an hour are ten in a second.
  stack = await RunningStack.start({ settings: { NEURONOVA_VERIFICATIONS_PER_HOUR: "36000" } });
  events = await stack.events();
  shelf = new RenditionShelf(stack);
});

afterAll(async () => {
  events.close();
  await shelf.close();
  await stack.stop();
});

test("the background round finds a bad rendition by itself, counts it, and has it made again", async () => {
  const files = createDemoStudy({ seed: 311, slices: 5, rows: 64, columns: 64 });
  const study = files[0]?.studyInstanceUid;
  expect((await stack.storeOverWeb(files.map(({ bytes }) => bytes))).status).toBe(200);
  await events.until("renditions", () => events.of("instance.rendered", study).length === 5);
  const counted = async (outcome: string) =>
    Number(
      new RegExp(`^neuronova_rendition_verifications_total\\{outcome="${outcome}"\\} (\\d+)$`, "m").exec(
        await shelf.metrics(),
      )?.[1] ?? 0,
    );
  await vi.waitFor(async () => expect(await counted("good")).toBeGreaterThan(20), {
    timeout: 30_000,
    interval: 100,
  });
  expect(await counted("bad")).toBe(0);

  const victim = files[3];
  const row = victim && (await shelf.row(victim));
  if (row === undefined) throw new Error("no row");
  const good = (await shelf.attachment(row.id)) ?? Buffer.alloc(0);
  await shelf.replaceAttachment(row.id, good.subarray(0, good.byteLength - 50));
  await events.until("found", () => events.of("instance.rendition-bad", study).length === 1);
  expect(events.of("instance.rendition-bad", study)[0]).toMatchObject({
    sopInstanceUid: victim?.sopInstanceUid,
    data: { reason: "its bytes are not those that were attached" },
  });
  await events.until("made again", () => events.of("instance.rendered", study).length === 6);
  expect((await shelf.attachment(row.id))?.equals(good)).toBe(true);
  expect(await counted("bad")).toBe(1);
});

test("figures of all renditions are in the metrics and in the status, by state and format", async () => {
  const rows = (await shelf.rows()).filter(({ rendition }) => rendition === "rendered");
  expect(rows).toHaveLength(5);
  const bytes = rows.reduce((sum, row) => sum + Number(row.bytes), 0);
  const pixels = 5 * 64 * 64 * 2;
  await vi.waitFor(
    async () => {
      const metrics = await shelf.metrics();
      expect(metrics).toContain('neuronova_renditions{state="rendered"} 5');
      expect(metrics).toContain(`neuronova_renditions_stored{format="${RENDITION_FORMAT}"} 5`);
      expect(metrics).toContain(`neuronova_rendition_bytes{format="${RENDITION_FORMAT}"} ${bytes}`);
      expect(metrics).toContain(`neuronova_pixel_bytes{format="${RENDITION_FORMAT}"} ${pixels}`);
    },
    { timeout: 30_000, interval: 500 },
  );
  const { status, output } = await shelf.command("status");
  expect(status).toBe(0);
  expect(output).toMatch(/^rendered +5$/m);
  expect(output).toMatch(/^pending +0$/m);
  expect(output).toContain(`rendition bytes ${bytes}\n`);
  expect(output).toContain(`pixel bytes     ${pixels} (`);
});
