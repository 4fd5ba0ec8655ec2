import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { derivedUid } from "../../src/dicom/uid.js";
import { analyseSeries, type AnalysisOutcome } from "../../src/inference/analyse-series.js";
import { loadModel, type Model } from "../../src/inference/model-registry.js";
import type { Engine } from "../../src/inference/engine.js";
import { openEngine } from "../../src/inference/open-engine.js";
import { assembleVolume } from "../../src/inference/volume.js";
import { acquire, axialGrid, type AcquisitionGrid } from "../../src/phantom/acquire.js";
import type { DemoStudyOptions } from "../../src/phantom/demo-study.js";
import { createHead, type LesionPlan } from "../../src/phantom/head.js";
import type { WrittenInstance } from "../../src/segmentation/result-context.js";
import { writeSegmentation } from "../../src/segmentation/write-segmentation.js";
import { NO_UNIT } from "../../src/structured-report/measured-segment.js";
import { writeReport } from "../../src/structured-report/write-report.js";
import { dcentvfy, dciodvfy } from "../validators/dciodvfy.js";
import { phantomSeries, type PhantomSeries } from "../validators/phantom-series.js";
import { pixelmedSrValidator } from "../validators/pixelmed.js";
import { readSegmentation } from "../validators/read-back.js";
import { TEST_ALGORITHM, testSegment } from "../validators/test-algorithm.js";

const MODEL = fileURLToPath(new URL("../../models/tumor_detection", import.meta.url));
const WORKER = new URL("../../dist/inference/tensorflow.worker.js", import.meta.url);
const LESION: LesionPlan = { centreMm: [32, -14, 22], radiusMm: 15 };
const CREATED_AT = new Date("2025-03-02T03:04:05Z");
/** Healthy, and the demo model sees that it is. */
const HEALTHY_SEED = 9_000_034;
const [S, C] = [Math.sin(0.35), Math.cos(0.35)];

let directory: string;
let model: Model;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "neuronova-results-"));
  model = await loadModel(MODEL);
});

afterAll(() => rm(directory, { recursive: true, force: true }));

async function save(name: string, { bytes }: { bytes: Uint8Array }): Promise<string> {
  const path = join(directory, `${name}.dcm`);
  await writeFile(path, bytes);
  return path;
}

describe("results of the demo model", () => {
  const demo = phantomSeries({});
  const healthy = phantomSeries({ seed: HEALTHY_SEED, lesion: "none", rows: 128, columns: 128 });
  const sagittal = phantomSeries({ lesion: LESION, grid: sagittalGrid(20, 40, 48) });
  let outcomes: Record<"demo" | "reversed" | "healthy" | "sagittal", AnalysisOutcome>;
  let abortedWith: unknown;
  let afterAbort: AnalysisOutcome;

  beforeAll(async () => {
    const engine = await openEngine({ threads: 2, models: [model], workerFile: WORKER });
    const analyse = (phantom: PhantomSeries) =>
      analyseSeries({ model, engine, ...phantom, createdAt: CREATED_AT });
    try {
      outcomes = {
        demo: await analyse(demo),
        reversed: await analyse({ ...demo, instances: [...demo.instances].reverse() }),
        healthy: await analyse(healthy),
        sagittal: await analyse(sagittal),
      };
      abortedWith = await abortedWhileComputing(engine, demo);
      afterAbort = await analyse(demo);
    } finally {
      await engine.close();
    }
  });

  test("are valid, in the patient's name and study, and agree with each other", async () => {
    const outcome = succeeded(outcomes.demo);
    if (outcome.segmentation === undefined) throw new Error("the model found nothing");
    const seg = await save("demo-seg", outcome.segmentation);
    const sr = await save("demo-sr", outcome.report);
    expect(dciodvfy(seg).errors).toEqual([]);
    expect(dciodvfy(sr).errors).toEqual([]);
    expect(pixelmedSrValidator(sr)).toEqual({ errors: [], warnings: [] });
    const images = await Promise.all(demo.files.map((file) => save(file.fileName, file)));
    expect(dcentvfy([seg, sr, ...images]).errors).toEqual([]);

    const read = await readSegmentation(seg);
    expect(read.patientName).toBe("Hong^Gildong=洪^吉洞=홍^길동");
    expect(read.specificCharacterSet).toBe("ISO_IR 192");
    expect(read.transferSyntaxUid).toBe("1.2.840.10008.1.2.1");
    const voxels = read.frames.reduce((sum, { pixels }) => sum + pixels.length, 0);
    expect(voxels).toBe(outcome.segments[0]?.voxelCount);
    // A sphere of 15 mm radius has 14.1 ml.
    expect(outcome.segments[0]?.volumeMl).toBeGreaterThan(11);
    expect(outcome.segments[0]?.volumeMl).toBeLessThan(17);
    // On the patient's left: in the right half of every axial frame.
    expect(read.frames.every(({ pixels }) => pixels.every((at) => at % 256 > 128))).toBe(true);
    expect(outcome.engine).toMatch(/^tfjs-/);
  });

  test("are the same bytes whatever the order of the instances", () => {
    const [once, again] = [succeeded(outcomes.demo), succeeded(outcomes.reversed)];
    expect(
      Buffer.compare(once.segmentation?.bytes ?? Buffer.of(1), again.segmentation?.bytes ?? Buffer.of(2)),
    ).toBe(0);
    expect(Buffer.compare(once.report.bytes, again.report.bytes)).toBe(0);
  });

  test("do not come of an analysis that was aborted, and the engine goes on", () => {
    expect(abortedWith).toMatchObject({ name: "AbortError" });
    expect(Buffer.compare(succeeded(afterAbort).report.bytes, succeeded(outcomes.demo).report.bytes)).toBe(0);
  });

  test("are a report alone when the algorithm found nothing", async () => {
    const outcome = succeeded(outcomes.healthy);
    expect(outcome.segmentation?.sopInstanceUid).toBeUndefined();
    expect(outcome.confidence).toBeNull();
    expect(outcome.segments).toMatchObject([{ number: 1, volumeMl: 0, voxelCount: 0 }]);
    const sr = await save("healthy-sr", outcome.report);
    expect(dciodvfy(sr).errors).toEqual([]);
    expect(pixelmedSrValidator(sr).errors).toEqual([]);
  });

  test("are refused for sagittal slices, with the reason", () => {
    expect(outcomes.sagittal).toMatchObject({ kind: "not-applicable", code: "plane-unsuitable" });
  });
});

describe("segmentations of any geometry", () => {
  const cases: Record<string, DemoStudyOptions & { grid: AcquisitionGrid }> = {
    "a Korean patient": { grid: axialGrid(12, 64, 64) },
    "a matrix that is no multiple of 8": { grid: axialGrid(9, 61, 67) },
    "a lesion in a single slice": {
      grid: axialGrid(8, 50, 50),
      lesion: { centreMm: [20, -10, 20], radiusMm: 5 },
    },
    "sagittal slices": { grid: sagittalGrid(20, 40, 48) },
    "oblique slices": {
      grid: {
        ...axialGrid(14, 56, 60),
        rowDirection: [C, S, 0],
        columnDirection: [-S * C, C * C, S],
        sliceDirection: [S * S, -C * S, C],
      },
    },
    "slices sent from head to foot": {
      grid: { ...axialGrid(12, 64, 64), originMm: [-113, -117, 67], sliceDirection: [0, 0, -1] },
    },
  };

  test.each(Object.entries(cases))(
    "%s: valid, and pydicom reads the label map back",
    async (name, options) => {
      const lesion = options.lesion ?? LESION;
      const phantom = phantomSeries({ seed: 7, lesion, ...options });
      const truth = new Map(
        acquire(createHead({ seed: 7, lesion }), options.grid, { seed: 7000 }).map((slice, index) => [
          phantom.files[index]?.sopInstanceUid as string,
          slice,
        ]),
      );
      const geometry = assembleVolume(phantom.instances);
      const planes = geometry.slices.map(({ positionMm, sopInstanceUid }) => ({
        positionMm,
        sopInstanceUid,
        sopClassUid: "1.2.840.10008.5.1.4.1.1.4",
        labels: truth.get(sopInstanceUid)?.lesion ?? new Uint8Array(),
      }));
      const common = {
        sourceSeriesInstanceUid: phantom.series.seriesInstanceUid,
        image: firstOf(phantom).dataSet,
        algorithm: TEST_ALGORITHM,
        createdAt: CREATED_AT,
      };
      const segmentation: WrittenInstance = writeSegmentation({
        ...common,
        seriesInstanceUid: derivedUid("test", "seg series"),
        sopInstanceUid: derivedUid("test", "seg"),
        segments: [SEGMENT],
        labelMap: { ...geometry, planes },
      });
      const report = writeReport({
        ...common,
        seriesInstanceUid: derivedUid("test", "sr series"),
        sopInstanceUid: derivedUid("test", "sr"),
        images: planes,
        procedure: model.manifest.procedure,
        targetRegion: model.manifest.targetRegion,
        segments: [
          {
            ...SEGMENT,
            volumeMl: 12.345,
            longestDiameterMm: 31.4,
            meanIntensity: { value: 812.5, unit: NO_UNIT },
            meanProbability: 0.9,
          },
        ],
        scores: [],
        segmentation,
        attention: undefined,
      });
      const slug = name.replaceAll(" ", "-");
      const seg = await save(`${slug}-seg`, segmentation);
      const sr = await save(`${slug}-sr`, report);
      expect(dciodvfy(seg).errors).toEqual([]);
      expect(dciodvfy(sr).errors).toEqual([]);

      const read = await readSegmentation(seg);
      expect(read.patientName).toBe("Hong^Gildong=洪^吉洞=홍^길동");
      const withLesion = [...truth].filter(([, { lesion: labels }]) => labels.includes(1));
      expect(read.frames).toHaveLength(withLesion.length);
      for (const frame of read.frames) {
        const slice = truth.get(frame.sourceSopInstanceUid);
        expect(frame.pixels).toEqual(
          [...(slice?.lesion ?? [])].flatMap((label, at) => (label === 1 ? [at] : [])),
        );
        frame.positionMm.forEach((value, axis) =>
          expect(value).toBeCloseTo(slice?.positionMm[axis] ?? NaN, 4),
        );
        [...options.grid.rowDirection, ...options.grid.columnDirection].forEach((value, at) =>
          expect(frame.orientation[at]).toBeCloseTo(value, 6),
        );
      }
    },
  );
});

function sagittalGrid(slices: number, rows: number, columns: number): AcquisitionGrid {
  return {
    rows,
    columns,
    slices,
    originMm: [60, -115, 75],
    rowDirection: [0, 1, 0],
    columnDirection: [0, 0, -1],
    sliceDirection: [-1, 0, 0],
    rowSpacingMm: 150 / rows,
    columnSpacingMm: 230 / columns,
    sliceSpacingMm: 120 / slices,
  };
}

const SEGMENT = testSegment(1, "Lesion");

/** What an analysis fails with whose signal aborts once the network has been asked. */
async function abortedWhileComputing(engine: Engine, phantom: PhantomSeries): Promise<unknown> {
  const controller = new AbortController();
  const impatient: Engine = {
    ...engine,
    infer(...question) {
      const answer = engine.infer(...question);
      controller.abort();
      return answer;
    },
  };
  return analyseSeries({
    model,
    engine: impatient,
    ...phantom,
    createdAt: CREATED_AT,
    signal: controller.signal,
  }).then(
    () => "an outcome",
    (error: unknown) => error,
  );
}

function succeeded(outcome: AnalysisOutcome) {
  if (outcome.kind !== "succeeded") throw new Error(outcome.reason);
  return outcome;
}

function firstOf({ instances }: PhantomSeries) {
  const [first] = instances;
  if (first === undefined) throw new RangeError("a series has slices");
  return first;
}
