import { readFile, readdir, writeFile } from "node:fs/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Rendition } from "../../src/transcoding/open-rendition.js";
import type { EventRecorder } from "../stack/event-recorder.js";
import { decodeIndependently } from "../stack/opj-decompress.js";
import { part10File } from "../stack/part10.js";
import { RenditionShelf } from "../stack/rendition-shelf.js";
import { RunningStack } from "../stack/running-stack.js";
import { newUid } from "../stack/uploads.js";

const FRAMES = 200;
const SIZE = 512;
const FRAME_BYTES = SIZE * SIZE * 2;
const MOST_OVER_IDLE_BYTES = 300_000_000;

let stack: RunningStack;
let events: EventRecorder;
let shelf: RenditionShelf;

beforeAll(async () => {
  stack = await RunningStack.start({ sidecarProcesses: [["api", "delivery"], ["transcoding"]] });
  events = await stack.events();
  shelf = new RenditionShelf(stack);
});

afterAll(async () => {
  events.close();
  await shelf.close();
  await stack.stop();
});

/** Values of 12 bits, smooth with five bits of noise: what a detector gives, and no codec makes small. */
function pixels(): Buffer {
  const bytes = Buffer.alloc(FRAMES * FRAME_BYTES);
  const words = new Uint16Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 2);
  let noise = 1;
  for (let at = 0; at < words.length; at += 1) {
    noise = (Math.imul(noise, 1_664_525) + 1_013_904_223) >>> 0;
    const [x, y, frame] = [at % SIZE, Math.floor(at / SIZE) % SIZE, Math.floor(at / (SIZE * SIZE))];
    words[at] = ((x + y) * 3 + frame * 5 + (noise >>> 27)) % 4096;
  }
  return bytes;
}

/** Multi-frame Grayscale Word Secondary Capture. */
function multiFrame(pixelData: Buffer): { sop: string; file: Buffer } {
  const even = (uid: string) => (uid.length % 2 === 0 ? uid : `${uid}\0`);
  const short = (value: number) => String.fromCharCode(value & 0xff, value >>> 8);
  const [study, sop] = [newUid(), newUid()];
  const head = part10File([
    { tag: 0x00080016, vr: "UI", value: even("1.2.840.10008.5.1.4.1.1.7.3") },
    { tag: 0x00080018, vr: "UI", value: even(sop) },
    { tag: 0x00080060, vr: "CS", value: "OT" },
    { tag: 0x00100020, vr: "LO", value: "MULTI1" },
    { tag: 0x0020000d, vr: "UI", value: even(study) },
    { tag: 0x0020000e, vr: "UI", value: even(`${study}.1`) },
    { tag: 0x00280002, vr: "US", value: short(1) },
    { tag: 0x00280004, vr: "CS", value: "MONOCHROME2 " },
    { tag: 0x00280008, vr: "IS", value: `${FRAMES} ` },
    { tag: 0x00280010, vr: "US", value: short(SIZE) },
    { tag: 0x00280011, vr: "US", value: short(SIZE) },
    { tag: 0x00280100, vr: "US", value: short(16) },
    { tag: 0x00280101, vr: "US", value: short(12) },
    { tag: 0x00280102, vr: "US", value: short(11) },
    { tag: 0x00280103, vr: "US", value: short(0) },
  ]);
  const element = Buffer.from([0xe0, 0x7f, 0x10, 0x00, 0x4f, 0x57, 0, 0, 0, 0, 0, 0]);
  element.writeUInt32LE(pixelData.byteLength, 8);
  return { sop, file: Buffer.concat([head, element, pixelData]) };
}

/** A figure of proc(5) in bytes. */
async function memory(pid: number, name: "VmHWM" | "VmRSS"): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, "utf8");
  return Number(new RegExp(`^${name}:\\s+(\\d+) kB$`, "m").exec(status)?.[1]) * 1024;
}

/** CPU time of each thread of a process, in clock ticks, by thread number. */
async function threadTicks(pid: number): Promise<Map<string, number>> {
  const ticks = new Map<string, number>();
  for (const thread of await readdir(`/proc/${pid}/task`)) {
    const stat = await readFile(`/proc/${pid}/task/${thread}/stat`, "utf8").catch(() => "");
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    ticks.set(thread, Number(fields[11]) + Number(fields[12]));
  }
  return ticks;
}

test("200 frames of 512 × 512 × 16, twice at once, take less than 300 MB over idle, all threads together, and are right", async () => {
  const pid = stack.local.processes["sidecar-transcoding"]?.pid ?? 0;
  const idle = await memory(pid, "VmRSS");
  const before = await threadTicks(pid);
  // The peak counts from here, not from the start of the process.
  await writeFile(`/proc/${pid}/clear_refs`, "5");
  const pixelData = pixels();
  const sent = [multiFrame(pixelData), multiFrame(pixelData)];
  const stored = sent.map(({ file }) =>
    stack.orthanc("/instances", { method: "POST", body: new Uint8Array(file) }),
  );
  for (const { status } of await Promise.all(stored)) expect(status).toBe(200);
  await events.until("renditions", () => events.of("instance.rendered").length === sent.length);
  const over = (await memory(pid, "VmHWM")) - idle;
  expect(over).toBeGreaterThan(0);
  expect(over).toBeLessThan(MOST_OVER_IDLE_BYTES);

  // The frames of one instance were shared among the threads.
  const [busiest = 0, second = 0] = [...(await threadTicks(pid))]
    .map(([thread, ticks]) => ticks - (before.get(thread) ?? 0))
    .sort((a, b) => b - a);
  expect(second).toBeGreaterThan(busiest / 3);

  for (const { sop } of sent) {
    const row = (await shelf.rows()).find((each) => each.sop === sop);
    expect(Number(row?.bytes)).toBeGreaterThan(pixelData.byteLength / 4);
    const rendition = Rendition.open((await shelf.attachment(row?.id ?? "")) ?? Buffer.alloc(0));
    expect(rendition.numberOfFrames).toBe(FRAMES);
    for (const frame of [1, 2, 77, 199, 200]) {
      const decoded = await decodeIndependently(rendition.frame(frame) ?? new Uint8Array());
      const start = (frame - 1) * FRAME_BYTES;
      expect(Buffer.compare(decoded, pixelData.subarray(start, start + FRAME_BYTES)), `frame ${frame}`).toBe(
        0,
      );
    }
  }
});
