import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { createDemoStudy, type DemoFile } from "../../src/phantom/demo-study.js";
import type { EventRecorder } from "../stack/event-recorder.js";
import { RenditionShelf } from "../stack/rendition-shelf.js";
import { RunningStack } from "../stack/running-stack.js";

let stack: RunningStack;
let events: EventRecorder;
let shelf: RenditionShelf;

beforeAll(async () => {
  stack = await RunningStack.start({
    // The api role twice: both keep renditions in memory.
    sidecarProcesses: [["api", "delivery"], ["api"], ["transcoding"]],
    settings: { NEURONOVA_VERIFICATIONS_PER_HOUR: "0" },
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
const patient = { name: "Secret^Name", id: "SECRET-ID", birthDate: "19700101", sex: "O" } as const;

async function stored(seed: number, slices: number): Promise<DemoFile[]> {
  const files = createDemoStudy({ seed, slices, rows: 64, columns: 64, patient });
  expect((await stack.storeOverWeb(files.map(({ bytes }) => bytes))).status).toBe(200);
  const study = files[0]?.studyInstanceUid;
  await events.until("renditions", () => events.of("instance.rendered", study).length === slices);
  return files;
}

/** Breaks a byte in the middle of the codestream, as a failing disk would. */
function broken(bytes: Buffer): Buffer {
  const copy = Buffer.from(bytes);
  const at = copy.byteLength - 100;
  copy[at] = (copy[at] ?? 0) ^ 0xff;
  return copy;
}

test("whole renditions are good; the command needs to be told which", async () => {
  const [file] = await stored(301, 3);
  const { status, output } = await shelf.command("verify", "--study", file?.studyInstanceUid ?? "");
  expect(status).toBe(0);
  expect(output).toMatch(/^1 of 3 \(33 %\), .*\n3 renditions re-read, 0 bad\n$/);
  expect((await shelf.command("verify")).status).toBe(64);
  expect((await shelf.command("verify", "--sample", "0")).status).toBe(64);
  expect((await shelf.command("verify", "--all", "--sample", "2")).status).toBe(64);
  expect((await shelf.command("verify", "--study", "../etc")).status).toBe(64);
});

test("an attachment with other bytes is found, not served by any process, and made again", async () => {
  const files = await stored(302, 4);
  const [victim, ...others] = files;
  if (victim === undefined) throw new Error("no file");
  const study = victim.studyInstanceUid;
  const { id } = (await shelf.row(victim)) ?? { id: "" };
  const good = (await shelf.attachment(id)) ?? Buffer.alloc(0);
  // Both api processes have it in memory.
  const served = await Promise.all(Array.from({ length: 8 }, () => shelf.frame(victim)));
  expect(served.every(({ htj2k }) => htj2k)).toBe(true);
  await shelf.replaceAttachment(id, broken(good));

  await stack.local.processes["sidecar-transcoding"]?.stop();
  const found = await shelf.command("verify", "--study", study);
  expect(found.status).toBe(1);
  expect(found.output).toContain(
    `bad: study ${study}, instance ${victim.sopInstanceUid}: its bytes are not those that were attached`,
  );
  expect(found.output).toContain("4 renditions re-read, 1 bad; they are rendered again");
  // Until it is made again the original answers, from every process at once and not after some seconds.
  const pixels = Buffer.from(victim.bytes).subarray(-64 * 64 * 2);
  for (const { htj2k, bytes } of await Promise.all(Array.from({ length: 8 }, () => shelf.frame(victim)))) {
    expect(htj2k).toBe(false);
    expect(Buffer.compare(bytes, pixels)).toBe(0);
  }
  for (const other of others) expect((await shelf.frame(other)).htj2k).toBe(true);

  await stack.local.processes["sidecar-transcoding"]?.start();
  await events.until("made again", () => events.of("instance.rendered", study).length === 5);
  expect((await shelf.attachment(id))?.equals(good)).toBe(true);
  await eventually(async () => expect((await shelf.frame(victim)).htj2k).toBe(true));
  expect((await shelf.command("verify", "--study", study)).status).toBe(0);
});

test("an attachment with other bytes that somebody asks for first is not served, and made again", async () => {
  const [victim] = await stored(304, 1);
  if (victim === undefined) throw new Error("no file");
  const { id } = (await shelf.row(victim)) ?? { id: "" };
  const good = (await shelf.attachment(id)) ?? Buffer.alloc(0);
  await shelf.replaceAttachment(id, broken(good));
  const { htj2k, bytes } = await shelf.frame(victim);
  expect(htj2k).toBe(false);
  expect(Buffer.compare(bytes, Buffer.from(victim.bytes).subarray(-64 * 64 * 2))).toBe(0);
  await events.until(
    "made again",
    () => events.of("instance.rendered", victim.studyInstanceUid).length === 2,
  );
  expect(events.of("instance.rendition-bad", victim.studyInstanceUid)).toHaveLength(1);
  expect((await shelf.attachment(id))?.equals(good)).toBe(true);
  await eventually(async () => expect((await shelf.frame(victim)).htj2k).toBe(true));
});

test("a missing attachment is found too, and what was deleted meanwhile is not called bad", async () => {
  const [file, gone] = await stored(303, 2);
  if (file === undefined || gone === undefined) throw new Error("no file");
  const { id } = (await shelf.row(file)) ?? { id: "" };
  await stack.orthanc(`/instances/${id}/attachments/htj2k`, { method: "DELETE" });
  const deleted = (await shelf.row(gone)) ?? { id: "" };
  await stack.orthanc(`/instances/${deleted.id}`, { method: "DELETE" });
  const { status, output } = await shelf.command("verify", "--study", file.studyInstanceUid);
  expect(status).toBe(1);
  expect(output.match(/^bad: .*$/gm)).toEqual([
    `bad: study ${file.studyInstanceUid}, instance ${file.sopInstanceUid}: there is no attachment`,
  ]);
  await events.until("made again", () => events.of("instance.rendered", file.studyInstanceUid).length === 3);
  expect(await shelf.attachment(id)).toBeDefined();
});

test("a sample takes those that were not checked for longest", async () => {
  await shelf.change("UPDATE instance SET verified_at = UTC_TIMESTAMP(3) WHERE rendition = 'rendered'");
  await stored(304, 2);
  const { output } = await shelf.command("verify", "--sample", "2");
  expect(output).toContain("2 renditions re-read, 0 bad");
  const [left] = await shelf.select<{ unchecked: number }>(
    "SELECT COUNT(*) AS unchecked FROM instance WHERE rendition = 'rendered' AND verified_at IS NULL",
  );
  expect(left?.unchecked).toBe(0);
});

test("nobody's name is in the log or the output", async () => {
  const { output } = await shelf.command("verify", "--all");
  const logs = await Promise.all(
    ["sidecar-api-delivery", "sidecar-api", "sidecar-transcoding"].map((name) =>
      readFile(join(stack.local.logs, `${name}.log`), "utf8"),
    ),
  );
  expect([output, ...logs].join("\n")).not.toMatch(/Secret|SECRET|19700101/);
});
