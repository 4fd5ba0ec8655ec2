import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { analyseSeries, type AnalysisOutcome } from "../../src/inference/analyse-series.js";
import { loadModel } from "../../src/inference/model-registry.js";
import { openThreadEngine } from "../../src/inference/engines/thread-engine.js";
import { pixelFormatOf } from "../../src/inference/pixel-values.js";
import { drawKeyImage, keyImageOf, masksOn } from "../../src/report-document/key-image.js";
import { reportContent } from "../../src/report-document/report-content.js";
import { segmentMasks } from "../../src/report-document/segment-masks.js";
import { writeDocument } from "../../src/report-document/write-document.js";
import { dataSetOf } from "../validators/orthanc-tags.js";
import { phantomSeries, type PhantomSeries } from "../validators/phantom-series.js";
import { readSegmentation } from "../validators/read-back.js";

const run = promisify(execFile);
const MODEL = fileURLToPath(new URL("../../models/tumor_detection", import.meta.url));
const WORKER = new URL("../../dist/inference/engines/network.worker.js", import.meta.url);
const CREATED_AT = new Date("2025-03-02T03:04:05Z");
const PATIENT = {
  id: "MRN-4711",
  name: "Hong^Gildong=洪^吉洞=홍^길동",
  birthDate: "19700131",
  sex: "M",
} as const;

type Succeeded = Extract<AnalysisOutcome, { kind: "succeeded" }>;

const withLesion = phantomSeries({ patient: PATIENT });
const healthy = phantomSeries({ seed: 9_000_034, lesion: "none", rows: 128, columns: 128, patient: PATIENT });
let directory: string;
let found: Succeeded;
let nothing: Succeeded;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "neuronova-document-"));
  const model = await loadModel(MODEL);
  const engine = await openThreadEngine({
    kind: "tensorflow",
    threads: 2,
    models: [model],
    workerFile: WORKER,
  });
  const analyse = async (phantom: PhantomSeries) => {
    const outcome = await analyseSeries({ model, engine, ...phantom, createdAt: CREATED_AT });
    if (outcome.kind !== "succeeded") throw new Error(outcome.reason);
    return outcome;
  };
  try {
    found = await analyse(withLesion);
    nothing = await analyse(healthy);
  } finally {
    await engine.close();
  }
});
afterAll(() => rm(directory, { recursive: true, force: true }));

async function documentOf(outcome: Succeeded, phantom: PhantomSeries) {
  const content = reportContent(dataSetOf(outcome.report.bytes));
  const masks = outcome.segmentation === undefined ? [] : segmentMasks(outcome.segmentation.bytes);
  const place = keyImageOf(masks);
  const uid = place?.sopInstanceUid;
  const source = phantom.instances.find(({ sopInstanceUid }) => sopInstanceUid === uid);
  let keyImage: Buffer | undefined;
  if (source !== undefined && place !== undefined) {
    const frame = await phantom.readFrame(source.orthancId, place.frameIndex, pixelFormatOf(source.dataSet));
    keyImage = await drawKeyImage(source.dataSet, frame, masksOn(place, masks), new Map([[1, [255, 0, 0]]]));
  }
  const keyImageCaption = keyImage === undefined ? "Nothing was segmented." : `Image ${uid ?? ""}`;
  const pdf = await writeDocument({ content, keyImage, keyImageCaption, createdAt: CREATED_AT });
  return { content, masks, uid, keyImage, pdf };
}

async function textOf(pdf: Buffer, name: string): Promise<string> {
  const path = join(directory, `${name}.pdf`);
  await writeFile(path, pdf);
  return (await run("pdftotext", ["-layout", path, "-"])).stdout;
}

describe("the document of an AI report", () => {
  test("says who, by what, how much of which unit, and that nobody has reviewed it", async () => {
    const { pdf, content } = await documentOf(found, withLesion);
    const text = await textOf(pdf, "found");
    const [segment] = found.segments;
    expect(segment?.volumeMl).toBeGreaterThan(0);
    for (const line of [
      "Hong Gildong · 洪 吉洞 · 홍 길동",
      "MRN-4711",
      "1970-01-31",
      "NOT REVIEWED by a clinician",
      "tumor_detection",
      `Volume ${Math.round((segment?.volumeMl ?? 0) * 1000) / 1000} mL`,
      "Mean probability over",
      content.sopInstanceUid,
    ])
      expect(text.replaceAll(/ +/g, " ")).toContain(line);
    expect(text.toLowerCase()).toContain("not for clinical use");
  });

  test("is the same bytes when it is made again, of moderate size, its fonts embedded in part", async () => {
    const { pdf } = await documentOf(found, withLesion);
    const { pdf: again } = await documentOf(found, withLesion);
    expect(again.equals(pdf)).toBe(true);
    expect(pdf.byteLength).toBeLessThan(1_000_000);
    await writeFile(join(directory, "fonts.pdf"), pdf);
    const { stdout } = await run("pdffonts", [join(directory, "fonts.pdf")]);
    const fonts = stdout
      .split("\n")
      .slice(2)
      .filter((line) => line !== "");
    expect(fonts.length).toBeGreaterThan(0);
    for (const line of fonts) expect(line).toMatch(/NotoSansKR.* yes +yes +yes /);
  });

  test("shows the image with the most of the segment, coloured there and grey elsewhere", async () => {
    const { masks, uid, keyImage } = await documentOf(found, withLesion);
    const seg = join(directory, "seg.dcm");
    await writeFile(seg, found.segmentation?.bytes ?? new Uint8Array());
    const { frames } = await readSegmentation(seg);
    // As pydicom unpacks the same bits.
    expect(masks.map(({ pixels }) => [...pixels.keys()].filter((at) => pixels[at] === 1))).toEqual(
      frames.map(({ pixels }) => pixels),
    );
    const most = frames.reduce((one, other) => (other.pixels.length > one.pixels.length ? other : one));
    expect(uid).toBe(most.sourceSopInstanceUid);
    const { data, info } = await sharp(keyImage).raw().toBuffer({ resolveWithObject: true });
    const scale = info.width / (masks[0]?.columns ?? 1);
    const coloured = new Set<number>();
    for (let at = 0; at < info.width * info.height; at += 1) {
      if (data[info.channels * at] === data[info.channels * at + 1]) continue;
      const row = Math.floor(Math.floor(at / info.width) / scale);
      coloured.add(row * (masks[0]?.columns ?? 1) + Math.floor((at % info.width) / scale));
    }
    expect([...coloured].sort((a, b) => a - b)).toEqual(most.pixels);
  });

  test("of which nothing was found says so, and shows no image", async () => {
    const { pdf, keyImage } = await documentOf(nothing, healthy);
    expect(keyImage).toBeUndefined();
    const text = await textOf(pdf, "nothing");
    expect(text).toContain("Absent");
    expect(text).toContain("0 mL");
    expect(text).toContain("No finding by the algorithm.");
    expect(text).toContain("Nothing was segmented.");
  });

  test("shows on its page, drawn by another program, the colour of the segment and the grey of the image", async () => {
    const { pdf } = await documentOf(found, withLesion);
    await writeFile(join(directory, "look.pdf"), pdf);
    await run("pdftoppm", ["-r", "60", "-png", join(directory, "look.pdf"), join(directory, "look")]);
    const { data, info } = await sharp(await readFile(join(directory, "look-1.png")))
      .raw()
      .toBuffer({ resolveWithObject: true });
    const kinds = { red: 0, grey: 0 };
    for (let at = 0; at < data.length; at += info.channels) {
      const [red = 0, green = 0, blue = 0] = data.subarray(at, at + 3);
      if (red > 150 && green < 60 && blue < 60) kinds.red += 1;
      else if (red === green && green === blue && red > 40 && red < 200) kinds.grey += 1;
    }
    expect(kinds.red).toBeGreaterThan(20);
    expect(kinds.grey).toBeGreaterThan(1_000);
  });
});
