import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sharp from "sharp";
import { afterAll, beforeAll, expect, test } from "vitest";
import { assembleVolume } from "../../src/inference/volume.js";
import { summarise } from "../../src/inference/summarise.js";
import { derivedUid } from "../../src/dicom/uid.js";
import { axialGrid } from "../../src/phantom/acquire.js";
import type { WrittenInstance } from "../../src/segmentation/result-context.js";
import { NO_UNIT } from "../../src/structured-report/measured-segment.js";
import { SUMMARY_HEIGHT, SUMMARY_WIDTH } from "../../src/summary-image/draw-summary.js";
import { python } from "../stack/pydicom.js";
import { dcentvfy, dciodvfy } from "../validators/dciodvfy.js";
import { phantomSeries } from "../validators/phantom-series.js";
import { TEST_ALGORITHM, testSegment } from "../validators/test-algorithm.js";

const VALID = { errors: [], warnings: [] };
const [ROWS, COLUMNS] = [64, 64];
const BLOCK = { top: 20, bottom: 30, left: 40, right: 52 };
const phantom = phantomSeries({ grid: axialGrid(6, ROWS, COLUMNS) });
const geometry = assembleVolume(phantom.instances);

let directory: string;
beforeAll(async () => void (directory = await mkdtemp(join(tmpdir(), "neuronova-summary-"))));
afterAll(() => rm(directory, { recursive: true, force: true }));

/** A block in the fifth slice, a smaller one in the second; none where `found` is false. */
function summary(found: boolean, label = "병변 Lesion"): Promise<WrittenInstance> {
  const labels = geometry.slices.map((_, slice) =>
    Uint8Array.from({ length: ROWS * COLUMNS }, (_pixel, at) => {
      const [row, column] = [Math.floor(at / COLUMNS), at % COLUMNS];
      const right = slice === 4 ? BLOCK.right : BLOCK.left + 2;
      const inside = row >= BLOCK.top && row < BLOCK.bottom && column >= BLOCK.left && column < right;
      return found && inside && (slice === 4 || slice === 1) ? 1 : 0;
    }),
  );
  return summarise({
    geometry,
    readPlane: async (index) => {
      const slice = geometry.slices[index];
      if (slice === undefined) throw new RangeError("no such slice");
      return Float32Array.from(
        (await phantom.readFrame(slice.orthancId, slice.frameIndex, slice.format)).samples,
      );
    },
    answer: { labels, attention: undefined },
    figures: {
      segments: [
        {
          ...testSegment(1, label),
          volumeMl: found ? 12.3456 : 0,
          longestDiameterMm: found ? 31.4 : null,
          meanIntensity: found ? { value: 812, unit: NO_UNIT } : null,
          meanProbability: found ? 0.9 : null,
        },
      ],
      scores: [],
    },
    algorithm: TEST_ALGORITHM,
    createdAt: new Date("2025-03-02T03:04:05Z"),
    seriesInstanceUid: derivedUid("test", "summary series"),
    reportSopInstanceUid: "1.2.3",
  });
}

const READ = `
import base64, json, sys, pydicom
ds = pydicom.dcmread(sys.argv[1])
print(json.dumps({
    "burned": ds.BurnedInAnnotation, "photometric": ds.PhotometricInterpretation, "comments": ds.ImageComments,
    "patient": str(ds.PatientName), "study": ds.StudyInstanceUID, "shape": ds.pixel_array.shape,
    "source": ds.SourceImageSequence[0].ReferencedSOPInstanceUID,
    "pixels": base64.b64encode(ds.pixel_array.tobytes()).decode(),
}))
`;
interface Read {
  readonly burned: string;
  readonly photometric: string;
  readonly comments: string;
  readonly patient: string;
  readonly study: string;
  readonly shape: number[];
  readonly source: string;
  readonly pixels: string;
}

async function read(written: WrittenInstance, name: string) {
  const path = join(directory, `${name}.dcm`);
  await writeFile(path, written.bytes);
  const { pixels, ...attributes } = JSON.parse(await python(READ, "", path)) as Read;
  return { path, attributes, pixels: Buffer.from(pixels, "base64") };
}

/** Where pixels have the segment's colour. */
function outlined(pixels: Buffer): { x: number; y: number }[] {
  const [red, green, blue] = testSegment(1, "").colorRgb;
  return Array.from({ length: SUMMARY_WIDTH * SUMMARY_HEIGHT }, (_, at) => at)
    .filter((at) => pixels[3 * at] === red && pixels[3 * at + 1] === green && pixels[3 * at + 2] === blue)
    .map((at) => ({ x: at % SUMMARY_WIDTH, y: Math.floor(at / SUMMARY_WIDTH) }));
}

test("the summary image is a valid secondary capture in the patient's study that says it has burned-in text", async () => {
  const { path, attributes, pixels } = await read(await summary(true), "found");
  expect(dciodvfy(path)).toEqual(VALID);
  const images = await Promise.all(
    phantom.files.map(async ({ fileName, bytes }) => {
      const image = join(directory, fileName);
      await writeFile(image, bytes);
      return image;
    }),
  );
  expect(dcentvfy([path, ...images]).errors).toEqual([]);
  expect(attributes).toEqual({
    burned: "YES",
    photometric: "RGB",
    comments: "AI, not reviewed. Demonstration, not for clinical use",
    patient: "Hong^Gildong=洪^吉洞=홍^길동",
    study: phantom.series.studyInstanceUid,
    shape: [SUMMARY_HEIGHT, SUMMARY_WIDTH, 3],
    source: geometry.slices[4]?.sopInstanceUid,
  });
  await sharp(pixels, { raw: { width: SUMMARY_WIDTH, height: SUMMARY_HEIGHT, channels: 3 } })
    .png()
    .toFile(join(directory, "found.png"));
});

test("the outline is where the segment is, in the slice that has most of it", async () => {
  const { pixels } = await read(await summary(true), "outline");
  const points = outlined(pixels);
  // The slice is drawn 680 × 680 below the notices (summary-image/draw-summary.ts).
  const scale = 680 / ROWS;
  const bounds = (of: (point: { x: number; y: number }) => number) => [
    Math.min(...points.map(of)),
    Math.max(...points.map(of)),
  ];
  expect(points.length).toBeGreaterThan(100);
  const [left = 0, right = 0] = bounds(({ x }) => x);
  const [top = 0, bottom = 0] = bounds(({ y }) => y - 120);
  expect(Math.abs(left - BLOCK.left * scale)).toBeLessThanOrEqual(1);
  expect(Math.abs(right + 1 - BLOCK.right * scale)).toBeLessThanOrEqual(1);
  expect(Math.abs(top - BLOCK.top * scale)).toBeLessThanOrEqual(1);
  expect(Math.abs(bottom + 1 - BLOCK.bottom * scale)).toBeLessThanOrEqual(1);
});

test("text is drawn: the notice above, the figures beside, Korean with glyphs of its own", async () => {
  const ink = (pixels: Buffer, left: number, top: number, width: number, height: number) => {
    let sum = 0;
    for (let y = top; y < top + height; y++)
      for (let x = left; x < left + width; x++)
        sum += (pixels[3 * (y * SUMMARY_WIDTH + x)] ?? 0) > 128 ? 1 : 0;
    return sum;
  };
  const { pixels } = await read(await summary(true), "text");
  expect(ink(pixels, 0, 0, 700, 110)).toBeGreaterThan(1_000);
  expect(ink(pixels, 700, 120, 560, 680)).toBeGreaterThan(1_000);
  // A missing glyph would be the same box for each of these.
  const korean = await read(await summary(true, "병변"), "korean");
  const other = await read(await summary(true, "출혈"), "other");
  expect(korean.pixels.equals(other.pixels)).toBe(false);
});

test("without a finding nothing is outlined, and the middle slice is shown", async () => {
  const { pixels, attributes } = await read(await summary(false), "nothing");
  expect(outlined(pixels)).toEqual([]);
  expect(attributes.source).toBe(geometry.slices[3]?.sopInstanceUid);
});

test("the same result gives the same bytes under the same UID", async () => {
  const [once, again] = [await summary(true), await summary(true)];
  expect(Buffer.compare(once.bytes, again.bytes)).toBe(0);
  expect(once.sopInstanceUid).toBe(again.sopInstanceUid);
});
