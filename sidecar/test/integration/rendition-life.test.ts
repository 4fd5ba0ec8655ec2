import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { createDemoStudy, type DemoFile } from "../../src/phantom/demo-study.js";
import { RENDITION_FORMAT } from "../../src/transcoding/rendition.js";
import type { EventRecorder } from "../stack/event-recorder.js";
import { decodeIndependently } from "../stack/opj-decompress.js";
import { RenditionShelf } from "../stack/rendition-shelf.js";
import { RunningStack } from "../stack/running-stack.js";

let stack: RunningStack;
let events: EventRecorder;
let shelf: RenditionShelf;

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

const eventually = (check: () => Promise<void>) => vi.waitFor(check, { timeout: 30_000, interval: 100 });

function imageOf(seed: number, slices = 1): DemoFile[] {
  const patient = { name: "Life^Of", id: `LIFE-${seed}`, birthDate: "19700101", sex: "O" as const };
  return createDemoStudy({ seed, slices, rows: 64, columns: 64, patient });
}

async function stored(seed: number, slices = 1): Promise<DemoFile[]> {
  const files = imageOf(seed, slices);
  const study = files[0]?.studyInstanceUid;
  expect((await stack.storeOverWeb(files.map(({ bytes }) => bytes))).status).toBe(200);
  await events.until("renditions", () => events.of("instance.rendered", study).length === slices);
  return files;
}

async function rowOf(file: DemoFile) {
  const row = await shelf.row(file);
  if (row === undefined) throw new Error("the instance is not known");
  return row;
}

/** The stored pixels of a demo file: they are its end. */
const pixelsOf = ({ bytes }: DemoFile) => Buffer.from(bytes).subarray(-64 * 64 * 2);

test("a rendition dies with its instance, and nothing of it is remembered", async () => {
  const [file] = await stored(201);
  if (file === undefined) throw new Error("no file");
  const { id, md5 } = await rowOf(file);
  expect(md5).toMatch(/^[0-9a-f]{32}$/);
  expect(await shelf.attachment(id)).toBeDefined();
  expect((await shelf.frame(file)).htj2k).toBe(true);

  expect((await stack.orthanc(`/instances/${id}`, { method: "DELETE" })).status).toBe(200);
  await events.until("end", () => events.of("instance.deleted", file.studyInstanceUid).length === 1);
  expect(await shelf.attachment(id)).toBeUndefined();
  expect(await shelf.rows(file.studyInstanceUid)).toEqual([]);
  // From memory for five seconds at most.
  await eventually(() => expect(shelf.frame(file)).rejects.toThrow(/answered with 40[34]/));
});

test("an instance that is overwritten gets a new rendition, of its new pixels", async () => {
  const [file] = await stored(202);
  if (file === undefined) throw new Error("no file");
  const before = await rowOf(file);
  const first = await shelf.frame(file);
  const changed = Buffer.from(file.bytes);
  // Values of 12 bits, each another one.
  for (let at = changed.byteLength - 64 * 64 * 2; at < changed.byteLength; at += 2)
    changed.writeUInt16LE((changed.readUInt16LE(at) + 77) % 4096, at);

  const instance = `/dicom-web/studies/${file.studyInstanceUid}/series/${file.seriesInstanceUid}/instances/${file.sopInstanceUid}`;
  const asHtj2k = async () => {
    const response = await stack.fetch(instance, {
      headers: { Accept: "application/dicom; transfer-syntax=1.2.840.10008.1.2.4.202" },
    });
    return { status: response.status, bytes: Buffer.from(await response.arrayBuffer()) };
  };
  expect((await asHtj2k()).bytes.includes(first.bytes)).toBe(true);
  await stack.orthanc(`/instances/${before.id}`, { method: "DELETE" });
  await stack.orthancJson("/instances", { method: "POST", body: changed });
  // The header is the new file's from here on: it must not come with the pixels of the old one.
  for (let look = 0; look < 20; look += 1) {
    const { status, bytes } = await asHtj2k();
    expect([200, 404, 406, 503]).toContain(status);
    expect(bytes.includes(first.bytes), `look ${look}`).toBe(false);
  }
  await eventually(async () => expect((await asHtj2k()).status).toBe(200));
  await eventually(async () => {
    const row = await shelf.row(file);
    expect(row).toMatchObject({ id: before.id, rendition: "rendered" });
    expect(row?.md5).not.toBe(before.md5);
    const frame = await shelf.frame(file);
    expect(frame.htj2k).toBe(true);
    expect(frame.bytes.equals(first.bytes)).toBe(false);
    expect(
      Buffer.compare(await decodeIndependently(frame.bytes), pixelsOf({ ...file, bytes: changed })),
    ).toBe(0);
  });
});

test("renditions of an earlier format are made again in the background; until then they are served", async () => {
  const files = await stored(203, 6);
  const [file] = files;
  if (file === undefined) throw new Error("no file");
  const study = file.studyInstanceUid;
  await stack.local.processes["sidecar-transcoding"]?.stop();
  // As an earlier version of this program left them.
  await shelf.change("UPDATE instance SET rendition_format = 0 WHERE rendition = 'rendered'");
  await eventually(async () => expect(await shelf.queued("prioritized")).toBeGreaterThanOrEqual(6));
  expect((await shelf.frame(file)).htj2k).toBe(true);
  expect((await shelf.rows(study)).map(({ rendition, format }) => [rendition, format])).toEqual(
    files.map(() => ["rendered", 0]),
  );
  const heard = events.of("instance.rendered", study).length;

  await stack.local.processes["sidecar-transcoding"]?.start();
  await events.until("made again", () => events.of("instance.rendered", study).length === heard + 6);
  for (const row of await shelf.rows(study))
    expect(row).toMatchObject({ rendition: "rendered", format: RENDITION_FORMAT, attempts: 2 });
  for (const each of files) {
    const frame = await shelf.frame(each);
    expect(frame.htj2k).toBe(true);
    expect(Buffer.compare(await decodeIndependently(frame.bytes), pixelsOf(each))).toBe(0);
  }
  await eventually(async () => {
    const { output } = await shelf.command("status");
    expect(output).not.toContain("earlier");
    expect(output).toMatch(new RegExp(`^format ${RENDITION_FORMAT} `, "m"));
  });
});

test("an attachment of a format that is not read here is answered by the original, and made again", async () => {
  const [file] = await stored(204);
  if (file === undefined) throw new Error("no file");
  const { id, attempts } = await rowOf(file);
  const attached = await shelf.attachment(id);
  const foreign = Buffer.from(
    attached?.toString("latin1").replace(`{"format":${RENDITION_FORMAT},`, '{"format":7,') ?? "",
    "latin1",
  );
  expect(foreign.byteLength).toBe(attached?.byteLength);
  await shelf.replaceAttachment(id, foreign);

  const { htj2k, bytes } = await shelf.frame(file);
  expect(htj2k).toBe(false);
  expect(Buffer.compare(bytes, pixelsOf(file))).toBe(0);
  await events.until(
    "noticed",
    () => events.of("instance.rendition-bad", file.studyInstanceUid).length === 1,
  );
  await events.until("made again", () => events.of("instance.rendered", file.studyInstanceUid).length === 2);
  await eventually(async () => expect((await shelf.frame(file)).htj2k).toBe(true));
  expect((await shelf.attachment(id))?.equals(attached ?? Buffer.alloc(0))).toBe(true);
  expect(await rowOf(file)).toMatchObject({ rendition: "rendered", attempts: attempts + 1 });
});
