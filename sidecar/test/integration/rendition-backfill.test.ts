import { once } from "node:events";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { createDemoStudy, type DemoFile } from "../../src/phantom/demo-study.js";
import type { EventRecorder } from "../stack/event-recorder.js";
import { RenditionShelf } from "../stack/rendition-shelf.js";
import { RunningStack } from "../stack/running-stack.js";

/** Window of fill-background.ts, and the half that is added at most before it is full. */
const MOST_IN_QUEUE = 384;

let stack: RunningStack;
let events: EventRecorder;
let shelf: RenditionShelf;

beforeAll(async () => {
  stack = await RunningStack.start({
    sidecarProcesses: [["api", "delivery"], ["transcoding"]],
    settings: { NEURONOVA_TRANSCODING_THREADS: "1", NEURONOVA_SWEEP_SECONDS: "86400" },
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

function filesOf(seed: number, slices: number, size = 32, studyDate = "20250301"): DemoFile[] {
  const patient = { name: "Back^Fill", id: `FILL-${seed}`, birthDate: "19700101", sex: "O" as const };
  return createDemoStudy({ seed, slices, rows: size, columns: size, patient, studyDate });
}

async function intoOrthanc(files: readonly DemoFile[]): Promise<void> {
  for (const { bytes } of files)
    await stack.orthancJson("/instances", { method: "POST", body: Buffer.from(bytes) });
}

async function whileAway(work: () => Promise<void>): Promise<void> {
  const api = stack.local.processes["sidecar-api-delivery"];
  await api?.stop();
  await work();
  await api?.start();
}

const statesOf = async (files: readonly DemoFile[]) => {
  const counts: Record<string, number> = {};
  for (const { rendition } of await shelf.rows(files[0]?.studyInstanceUid))
    counts[rendition] = (counts[rendition] ?? 0) + 1;
  return counts;
};
describe("an archive that was there before", () => {
  test("is told of by a dry run, recorded by a backfill while no other process lives, and then rendered", async () => {
    const files = filesOf(501, 30);
    const study = files[0]?.studyInstanceUid ?? "";
    let child: ReturnType<RenditionShelf["start"]> | undefined;
    await whileAway(async () => {
      await intoOrthanc(files);
      const dry = await shelf.command("backfill", "--study", study, "--dry-run");
      expect(dry).toMatchObject({ status: 0 });
      expect(dry.output).toContain("30 to render: 30 not known here yet, 0 waiting");
      expect(await shelf.rows(study)).toEqual([]);
      child = shelf.start("backfill", "--study", study);
      await eventually(async () => expect(await statesOf(files)).toEqual({ pending: 30 }));
      expect(new Set((await shelf.rows(study)).map(({ urgency }) => urgency))).toEqual(
        new Set(["background"]),
      );
    });
    const [status] = (await once(child as NonNullable<typeof child>, "close")) as [number];
    expect(status).toBe(0);
    expect(await statesOf(files)).toEqual({ rendered: 30 });
    const again = await shelf.command("backfill", "--study", study, "--dry-run");
    expect(again.output).toBe(
      "0 to render: 0 not known here yet, 0 waiting, 0 of an earlier format, 0 dropped by retention\n30 are rendered\n",
    );
  });

  test("is found by modality and by the day of its studies; what is malformed is said", async () => {
    const files = [...filesOf(502, 2, 32, "20200101"), ...filesOf(503, 3, 32, "20240615")];
    await whileAway(async () => {
      await intoOrthanc(files);
      const dry = (...args: string[]) => shelf.command("backfill", "--dry-run", ...args);
      expect((await dry("--since", "2020-01-02")).output).toContain("3 to render: 3 not known");
      expect((await dry("--since", "2020-01-01")).output).toContain("5 to render: 5 not known");
      expect((await dry("--modality", "MR")).output).toContain("5 to render: 5 not known");
      expect((await dry("--modality", "CT")).output).toContain("0 to render: 0 not known");
      for (const wrong of [
        ["--since", "yesterday"],
        ["--since", "2024-13-01"],
        ["--study", "no uid"],
        ["--modality", "mr"],
        ["--per-second", "-1"],
        ["--per-second", "many"],
        ["--unheard-of"],
      ])
        expect((await dry(...wrong)).status, wrong.join(" ")).toBe(64);
    });
    // Received just now, so they are live when the change log tells of them.
    await eventually(async () => {
      const rows = (await shelf.rows()).filter(({ sop }) =>
        files.some((file) => file.sopInstanceUid === sop),
      );
      expect(rows.map(({ rendition }) => rendition)).toEqual(files.map(() => "rendered"));
    });
  });
});

test("a hundred thousand instances that wait never are more than a window in the queue, and a live one goes first", async () => {
  await stack.local.processes["sidecar-transcoding"]?.stop();
  const [series] = await shelf.select<{ id: string }>("SELECT orthanc_id AS id FROM series LIMIT 1");
  // Rows of an archive that only the database knows: what a sweep leaves at the first start beside a large one.
  await shelf.change(
    `INSERT INTO instance (orthanc_id, series_id, sop_instance_uid, sop_class_uid, file_uuid, transfer_syntax_uid, number_of_frames, urgency)
     WITH RECURSIVE counter (number) AS (SELECT 1 UNION ALL SELECT number + 1 FROM counter WHERE number < 1000)
     SELECT CONCAT(LPAD(HEX((a.number - 1) * 1000 + b.number), 8, '0'), '-00000000-00000000-00000000-00000000'), :series,
       CONCAT('1.2.3.', (a.number - 1) * 1000 + b.number), '1.2.840.10008.5.1.4.1.1.4', 'fake', '1.2.840.10008.1.2.1', 1, 'background'
     FROM counter AS a JOIN counter AS b WHERE a.number <= 100`,
    { series: series?.id },
  );
  const seen: number[] = [];
  const look = async () => {
    const waiting = await shelf.queued("prioritized");
    seen.push(waiting);
    return waiting;
  };
  await eventually(async () => expect(await look()).toBeGreaterThan(100));
  for (let looks = 0; looks < 20; looks += 1) {
    await look();
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  expect(Math.max(...seen)).toBeLessThanOrEqual(MOST_IN_QUEUE);

  const [live] = filesOf(504, 1);
  const answer = await stack.storeOverWeb([live?.bytes ?? new Uint8Array()]);
  expect(answer.status, await answer.text()).toBe(200);
  await eventually(async () => expect(await shelf.queued("waiting")).toBe(1));
  await stack.local.processes["sidecar-transcoding"]?.start();
  await events.until(
    "live one",
    () => events.of("instance.rendered", live?.studyInstanceUid).length === 1,
    30,
  );
  const [left] = await shelf.select<{ count: number }>(
    "SELECT COUNT(*) AS count FROM instance WHERE file_uuid = 'fake' AND rendition = 'pending'",
  );
  // Orthanc has none of these, so they are forgotten one by one. The live one did not wait for that.
  expect(left?.count).toBeGreaterThan(0);
  await shelf.change("DELETE FROM instance WHERE file_uuid = 'fake'");
  await eventually(async () => expect(await shelf.queued("prioritized")).toBe(0));
  expect(Math.max(...seen)).toBeLessThanOrEqual(MOST_IN_QUEUE);
});

test("an instance that arrives during a backfill is rendered before the backfill ends", async () => {
  const files = filesOf(505, 150, 256);
  const study = files[0]?.studyInstanceUid ?? "";
  await stack.storeOverDicom(files);
  await events.until("renditions", () => events.of("instance.rendered", study).length === 150);
  await shelf.change(
    "UPDATE instance SET rendition = 'dropped', rendition_format = NULL, rendition_bytes = NULL WHERE rendition = 'rendered'",
  );
  const child = shelf.start("backfill", "--study", study, "--per-second", "60");
  await events.until("some", () => events.of("instance.rendered", study).length >= 160);
  const [live] = filesOf(506, 1, 256);
  expect((await stack.storeOverWeb([live?.bytes ?? new Uint8Array()])).status).toBe(200);
  const [status] = (await once(child, "close")) as [number];
  expect(status).toBe(0);
  await events.until("all", () => events.of("instance.rendered", study).length === 300);
  const order = events.events.filter(({ event }) => event === "instance.rendered");
  const at = order.findIndex(({ studyInstanceUid }) => studyInstanceUid === live?.studyInstanceUid);
  const after = order.slice(at + 1).filter(({ studyInstanceUid }) => studyInstanceUid === study);
  expect(at).toBeGreaterThan(0);
  expect(after.length).toBeGreaterThan(0);
});

test("killed with SIGKILL, command or transcoding process, it goes on where it was and does nothing twice", async () => {
  const files = filesOf(507, 120, 64);
  const study = files[0]?.studyInstanceUid ?? "";
  await stack.storeOverDicom(files);
  await events.until("renditions", () => events.of("instance.rendered", study).length === 120);
  const before = await shelf.rows(study);
  expect(before.every(({ attempts }) => attempts === 1)).toBe(true);
  await shelf.change(
    `UPDATE instance JOIN series ON series.orthanc_id = series_id SET rendition = 'dropped', rendition_format = NULL, rendition_bytes = NULL
     WHERE series_instance_uid = :series`,
    { series: files[0]?.seriesInstanceUid },
  );

  const first = shelf.start("backfill", "--study", study, "--per-second", "20");
  await events.until("some", () => events.of("instance.rendered", study).length >= 140);
  first.kill("SIGKILL");
  await once(first, "close");
  // What had been asked for is done, and no more: to end the command is to pause.
  await eventually(async () => expect((await statesOf(files))["pending"]).toBeUndefined());
  const paused = await statesOf(files);
  expect(paused["dropped"]).toBeGreaterThan(0);
  expect(paused["rendered"]).toBeGreaterThanOrEqual(20);

  const second = shelf.start("backfill", "--study", study);
  await events.until(
    "more",
    () => events.of("instance.rendered", study).length > 120 + (paused["rendered"] ?? 0),
  );
  stack.local.processes["sidecar-transcoding"]?.kill("SIGKILL");
  const [status] = (await once(second, "close")) as [number];
  expect(status).toBe(0);
  expect(await statesOf(files)).toEqual({ rendered: 120 });
  const after = await shelf.rows(study);
  expect(after.map(({ attempts }) => attempts)).toEqual(after.map(() => 2));
  expect(after.map(({ md5 }) => md5)).toEqual(before.map(({ md5 }) => md5));
  expect(events.of("instance.rendered", study)).toHaveLength(240);
  for (const { id } of after) expect(await shelf.attachment(id)).toBeDefined();
});

test("it keeps to a rate", async () => {
  const files = filesOf(508, 40, 32);
  const study = files[0]?.studyInstanceUid ?? "";
  await stack.storeOverDicom(files);
  await events.until("renditions", () => events.of("instance.rendered", study).length === 40);
  await shelf.change(
    `UPDATE instance JOIN series ON series.orthanc_id = series_id SET rendition = 'dropped', rendition_format = NULL, rendition_bytes = NULL
     WHERE series_instance_uid = :series`,
    { series: files[0]?.seriesInstanceUid },
  );
  const begun = performance.now();
  const { status, output } = await shelf.command("backfill", "--study", study, "--per-second", "10");
  expect(status).toBe(0);
  // Forty at ten a second: the last ten are asked for after three seconds.
  expect(performance.now() - begun).toBeGreaterThan(3_000);
  expect(output).toMatch(/^0 of 40 \(0 %\)/);
  expect(output).toContain("40 done: 40 are rendered, 0 not renderable, 0 failed");
});

test("what failed is done again when asked for, and only then", async () => {
  const files = filesOf(509, 4, 32);
  const study = files[0]?.studyInstanceUid ?? "";
  await stack.storeOverDicom(files);
  await events.until("renditions", () => events.of("instance.rendered", study).length === 4);
  await shelf.change(
    `UPDATE instance JOIN series ON series.orthanc_id = series_id SET rendition = 'failed', reason = 'test' WHERE series_instance_uid = :series`,
    { series: files[0]?.seriesInstanceUid },
  );
  const without = await shelf.command("backfill", "--study", study);
  expect(without.status).toBe(1);
  expect(without.output).toContain("0 done: 0 are rendered, 0 not renderable, 4 failed");
  const dry = await shelf.command("backfill", "--study", study, "--retry-failed", "--dry-run");
  expect(dry.output).toContain(
    "4 to render: 0 not known here yet, 0 waiting, 0 of an earlier format, 0 dropped by retention, 4 failed",
  );
  expect((await shelf.command("backfill", "--study", study, "--retry-failed")).status).toBe(0);
  expect(await statesOf(files)).toEqual({ rendered: 4 });
});
