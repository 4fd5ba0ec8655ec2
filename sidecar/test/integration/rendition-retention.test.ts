import { afterAll, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { createDemoStudy, type DemoFile } from "../../src/phantom/demo-study.js";
import type { EventRecorder } from "../stack/event-recorder.js";
import { RenditionShelf } from "../stack/rendition-shelf.js";
import { RunningStack } from "../stack/running-stack.js";

const ALL = { NEURONOVA_RENDITION_RETENTION_DAYS: "MR=30,CT=keep,*=1" };

let stack: RunningStack;
let events: EventRecorder;
let shelf: RenditionShelf;
let seed = 400;
let files: DemoFile[];

beforeAll(async () => {
  stack = await RunningStack.start({
    sidecarProcesses: [["api", "delivery"], ["transcoding"]],
    settings: { NEURONOVA_SWEEP_SECONDS: "1" },
  });
  events = await stack.events();
  shelf = new RenditionShelf(stack);
});

afterAll(async () => {
  events.close();
  await shelf.close();
  await stack.stop();
});

/** Four images, of 40, 20, 10 and 0 days ago; everything of the tests before is kept out of the way. */
beforeEach(async () => {
  seed += 1;
  await shelf.change(
    "UPDATE instance SET rendition = 'not-renderable', rendition_format = NULL, rendition_bytes = NULL",
  );
  files = createDemoStudy({ seed, slices: 4, rows: 64, columns: 64 });
  expect((await stack.storeOverWeb(files.map(({ bytes }) => bytes))).status).toBe(200);
  const study = files[0]?.studyInstanceUid;
  await events.until("renditions", () => events.of("instance.rendered", study).length === 4);
  for (const [index, days] of [40, 20, 10, 0].entries())
    await shelf.change(
      "UPDATE instance SET arrived_at = TIMESTAMPADD(DAY, 0 - :days, UTC_TIMESTAMP(3)) WHERE sop_instance_uid = :sop",
      { days, sop: files[index]?.sopInstanceUid },
    );
});

const eventually = (check: () => Promise<void>) => vi.waitFor(check, { timeout: 30_000, interval: 100 });
const states = async () => (await shelf.rows(files[0]?.studyInstanceUid)).map(({ rendition }) => rendition);
const bytesOf = async (...which: number[]) => {
  const rows = await shelf.rows(files[0]?.studyInstanceUid);
  return which.reduce((sum, index) => sum + Number(rows[index]?.bytes), 0);
};

test("by age and modality: a dry run says what would go, then it goes, and the originals answer", async () => {
  const dry = await shelf.commandWith(ALL, "retention", "--dry-run");
  const bytes = await bytesOf(0);
  const [oldest] = await shelf.select<{ at: Date }>(
    "SELECT MIN(arrived_at) AS at FROM instance WHERE rendition = 'rendered'",
  );
  expect(dry).toEqual({
    status: 0,
    output: `by age: 1 renditions, ${bytes} bytes, the oldest of ${oldest?.at.toISOString() ?? ""}\nby size: 0 renditions, 0 bytes\n`,
  });
  expect(await states()).toEqual(["rendered", "rendered", "rendered", "rendered"]);

  const [first] = files;
  const id = (await shelf.rows(first?.studyInstanceUid))[0]?.id ?? "";
  expect((await shelf.commandWith(ALL, "retention")).output).toContain(
    `dropped: 1 renditions, ${bytes} bytes`,
  );
  expect(await states()).toEqual(["dropped", "rendered", "rendered", "rendered"]);
  expect(await shelf.attachment(id)).toBeUndefined();
  if (first === undefined) throw new Error("no file");
  await eventually(async () => expect((await shelf.frame(first)).htj2k).toBe(false));
  expect(
    Buffer.compare((await shelf.frame(first)).bytes, Buffer.from(first.bytes).subarray(-64 * 64 * 2)),
  ).toBe(0);
  expect((await stack.orthanc(`/instances/${id}/file`)).status).toBe(200);
  const study = await stack.json<{ rendition: unknown }>(`/api/studies/${first.studyInstanceUid}`);
  expect(study.rendition).toMatchObject({ rendered: 3, dropped: 1, failed: 0, pending: 0 });
});

test("a modality with a limit of its own, one that is kept, and every other", async () => {
  await shelf.change("UPDATE series SET modality = 'CT' WHERE series_instance_uid = :series", {
    series: files[0]?.seriesInstanceUid,
  });
  expect((await shelf.commandWith(ALL, "retention")).output).toContain("dropped: 0 renditions");
  await shelf.change("UPDATE series SET modality = 'US' WHERE series_instance_uid = :series", {
    series: files[0]?.seriesInstanceUid,
  });
  expect((await shelf.commandWith(ALL, "retention")).output).toContain("dropped: 3 renditions");
  expect(await states()).toEqual(["dropped", "dropped", "dropped", "rendered"]);
});

test("by size: those that arrived first go until the rest fits, beside those that are of age", async () => {
  const [one, two, three, four] = (await shelf.rows(files[0]?.studyInstanceUid)).map(({ bytes }) =>
    Number(bytes),
  );
  // Room for the last two, and a little.
  const room = { NEURONOVA_RENDITION_GIGABYTES: String(((three ?? 0) + (four ?? 0) + 10) / 1e9) };
  const both = { ...room, NEURONOVA_RENDITION_RETENTION_DAYS: "30" };
  const dry = await shelf.commandWith(both, "retention", "--dry-run");
  expect(dry.output).toContain(`by age: 1 renditions, ${one} bytes`);
  expect(dry.output).toContain(`by size: 1 renditions, ${two} bytes`);
  expect((await shelf.commandWith(both, "retention")).output).toContain(
    `dropped: 2 renditions, ${(one ?? 0) + (two ?? 0)} bytes`,
  );
  expect(await states()).toEqual(["dropped", "dropped", "rendered", "rendered"]);
  expect((await shelf.commandWith(both, "retention")).output).toContain("dropped: 0 renditions");
});

test("what was dropped is not made again by itself; a backfill brings it back, and it is kept anew", async () => {
  await shelf.commandWith(ALL, "retention");
  const study = files[0]?.studyInstanceUid ?? "";
  const heard = events.of("instance.rendered", study).length;
  // A sweep sees it, an image arrives, and the background is looked through.
  const [late] = createDemoStudy({ seed: seed + 1000, slices: 1, rows: 32, columns: 32 });
  await stack.storeOverWeb([late?.bytes ?? new Uint8Array()]);
  await events.until("another", () => events.of("instance.rendered", late?.studyInstanceUid).length === 1);
  await eventually(async () => {
    expect(await shelf.queued("prioritized")).toBe(0);
    expect(await shelf.queued("waiting")).toBe(0);
  });
  expect(events.of("instance.rendered", study)).toHaveLength(heard);
  expect(await states()).toEqual(["dropped", "rendered", "rendered", "rendered"]);

  const { status, output } = await shelf.command("backfill", "--study", study);
  expect({ status, output }).toMatchObject({ status: 0 });
  expect(output).toContain("1 done: 4 are rendered, 0 not renderable, 0 failed");
  expect(await states()).toEqual(["rendered", "rendered", "rendered", "rendered"]);
  expect((await shelf.commandWith(ALL, "retention")).output).toContain("dropped: 0 renditions");
});

test("a removal that was cut off is finished by the next round", async () => {
  const rows = await shelf.rows(files[0]?.studyInstanceUid);
  // The process died after the row said it.
  await shelf.change("UPDATE instance SET rendition = 'dropped' WHERE orthanc_id = :id", { id: rows[1]?.id });
  expect(await shelf.attachment(rows[1]?.id ?? "")).toBeDefined();
  await shelf.command("retention");
  expect(await shelf.attachment(rows[1]?.id ?? "")).toBeUndefined();
  const after = await shelf.rows(files[0]?.studyInstanceUid);
  expect(after[1]).toMatchObject({ rendition: "dropped", format: null, bytes: null, md5: null });
});

test("the background round of a running stack applies the settings", async () => {
  const other = await RunningStack.start({ settings: { NEURONOVA_RENDITION_GIGABYTES: "0.000001" } });
  const theirShelf = new RenditionShelf(other);
  try {
    const heard = await other.events();
    expect((await other.storeOverWeb(files.map(({ bytes }) => bytes))).status).toBe(200);
    await heard.until("renditions", () => heard.of("instance.rendered").length === 4);
    heard.close();
    // 1,000 bytes hold none of them.
    await vi.waitFor(
      async () => {
        const rows = await theirShelf.rows(files[0]?.studyInstanceUid);
        const images = rows.filter(({ sop }) => files.some(({ sopInstanceUid }) => sopInstanceUid === sop));
        expect(images.map(({ rendition }) => rendition)).toEqual(files.map(() => "dropped"));
        for (const { id } of images) expect(await theirShelf.attachment(id)).toBeUndefined();
      },
      { timeout: 90_000, interval: 500 },
    );
  } finally {
    await theirShelf.close();
    await other.stop();
  }
});
