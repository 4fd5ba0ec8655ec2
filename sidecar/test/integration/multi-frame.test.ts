import { afterAll, beforeAll, expect, test } from "vitest";
import { partsOf } from "../stack/multipart.js";
import { decodeIndependently } from "../stack/opj-decompress.js";
import { pathOf } from "../stack/pydicom-files.js";
import { python } from "../stack/pydicom.js";
import { RunningStack } from "../stack/running-stack.js";

const FRAMES = 200;
const SIDE = 128;
const FRAME_BYTES = SIDE * SIDE * 2;
const HTJ2K = "multipart/related; type=application/octet-stream; transfer-syntax=*";
const MAKE = `
import base64, numpy, os, pydicom
from pydicom.uid import generate_uid
source = os.path.join(os.path.dirname(pydicom.data.__file__), "test_files", "CT_small.dcm")
dataset = pydicom.dcmread(source)
frame = dataset.pixel_array.astype("<i2")
frames = [numpy.roll(frame, 3 * step, axis=1) + step for step in range(${FRAMES})]
dataset.PixelData = numpy.stack(frames).astype("<i2").tobytes()
dataset.NumberOfFrames = ${FRAMES}
dataset.SOPInstanceUID = dataset.file_meta.MediaStorageSOPInstanceUID = generate_uid()
buffer = pydicom.filebase.DicomBytesIO()
dataset.save_as(buffer, write_like_original=True)
print(base64.b64encode(buffer.getvalue()).decode())
`;

let stack: RunningStack;
let path: string;
let pixels: Buffer;

beforeAll(async () => {
  const file = Buffer.from(await python(MAKE, ""), "base64");
  const start = file.lastIndexOf(Buffer.from([0xe0, 0x7f, 0x10, 0x00])) + 12;
  pixels = file.subarray(start, start + FRAMES * FRAME_BYTES);
  path = await pathOf(file);
  // Less memory than a tenth of the rendition: its frames come from the disk.
  stack = await RunningStack.start({ settings: { NEURONOVA_FRAME_CACHE_MEGABYTES: "1" } });
  const events = await stack.events();
  expect((await stack.storeOverWeb([file])).status).toBe(200);
  await events.until("rendition", () => events.of("instance.rendered").length === 1);
  events.close();
});

afterAll(() => stack.stop());

const original = (frame: number) => pixels.subarray((frame - 1) * FRAME_BYTES, frame * FRAME_BYTES);

async function frames(list: readonly number[], accept = HTJ2K): Promise<Buffer[]> {
  const response = await stack.fetch(`${path}/frames/${list.join(",")}`, { headers: { Accept: accept } });
  expect(response.status).toBe(200);
  const body = Buffer.from(await response.arrayBuffer());
  if (accept === HTJ2K) expect(response.headers.get("content-length")).toBe(String(body.byteLength));
  return partsOf(response.headers.get("content-type") ?? "", body).map((part) => part.body);
}

test("frames come in the order asked for, as often as asked for, and are the original's", async () => {
  const list = [200, 1, 57, 57, 2, 199, 1];
  const parts = await frames(list);
  expect(parts).toHaveLength(list.length);
  for (const [index, frame] of list.entries()) {
    const decoded = await decodeIndependently(parts[index] ?? Buffer.alloc(0));
    expect(decoded.equals(original(frame)), `frame ${frame}`).toBe(true);
  }
  const native = await frames(list, 'multipart/related; type="application/octet-stream"');
  expect(native.map((frame, index) => frame.equals(original(list[index] ?? 0)))).toEqual(
    list.map(() => true),
  );
});

test("all of them come at once, and any of them alone, from a memory that holds few", async () => {
  const all = Array.from({ length: FRAMES }, (_, index) => index + 1);
  const parts = await frames(all);
  expect(parts).toHaveLength(FRAMES);
  expect(parts.reduce((sum, { byteLength }) => sum + byteLength, 0)).toBeGreaterThan(1_500_000);
  for (const frame of [1, 100, 200, 37]) {
    const [alone] = await frames([frame]);
    expect(alone?.equals(parts[frame - 1] ?? Buffer.alloc(0))).toBe(true);
  }
  const asked = await Promise.all(all.map((frame) => frames([frame])));
  expect(asked.map(([frame], index) => frame?.equals(parts[index] ?? Buffer.alloc(0)))).toEqual(
    all.map(() => true),
  );
});

test("a frame beyond them is not there, among others either", async () => {
  for (const list of ["201", "1,201"]) expect((await stack.fetch(`${path}/frames/${list}`)).status).toBe(404);
});

test("one of its frames has a first part of its own", async () => {
  const headers = { Accept: "image/jphc", Range: "bytes=0-999" };
  const response = await stack.fetch(`${path}/frames/150`, { headers });
  expect(response.status).toBe(206);
  const [whole] = await frames([150]);
  const bytes = Buffer.from(await response.arrayBuffer());
  expect(bytes.equals(whole?.subarray(0, 1_000) ?? Buffer.alloc(0))).toBe(true);
});

test("the whole comes as one HTJ2K file with a fragment for each frame", async () => {
  const response = await stack.fetch(path, {
    headers: { Accept: "application/dicom; transfer-syntax=1.2.840.10008.1.2.4.202" },
  });
  const file = Buffer.from(await response.arrayBuffer());
  const start = file.lastIndexOf(Buffer.from("\xe0\x7f\x10\0OB\0\0\xff\xff\xff\xff", "latin1")) + 12;
  expect(file.readUInt32LE(start + 4)).toBe(4 * FRAMES);
  const parts = await frames([1, 200]);
  const first = start + 8 + 4 * FRAMES;
  const last = first + file.readUInt32LE(start + 8 + 4 * (FRAMES - 1));
  for (const [at, part] of [
    [first, parts[0]],
    [last, parts[1]],
  ] as const)
    expect(file.subarray(at + 8, at + 8 + (part?.byteLength ?? 0)).equals(part ?? Buffer.alloc(0))).toBe(
      true,
    );
});
