import { createHash } from "node:crypto";
import type { DecodedFrame, PixelFormat } from "../dicom/frame.js";
import { TAG } from "../dicom/tag.js";
import { derivedUid, type OrthancId } from "../dicom/uid.js";
import type { LabelMap } from "../segmentation/label-map.js";
import type { Algorithm, WrittenInstance } from "../segmentation/result-context.js";
import { writeSegmentation } from "../segmentation/write-segmentation.js";
import type { MeasuredSegment } from "../structured-report/measured-segment.js";
import { writeReport } from "../structured-report/write-report.js";
import { AnalysisError } from "./analysis-error.js";
import type { Engine } from "./engine.js";
import type { Model } from "./model-registry.js";
import { modalityValues } from "./pixel-values.js";
import { resultNames, resultSeriesUid } from "./result-series.js";
import { runModel, suits, type SegmentMeasurement } from "./run-model.js";
import { assembleVolume, type SourceInstance, type VolumeGeometry } from "./volume.js";

export interface AnalysisInput {
  readonly model: Model;
  readonly engine: Engine;
  readonly series: { readonly studyInstanceUid: string; readonly seriesInstanceUid: string };
  /** In any order. */
  readonly instances: readonly SourceInstance[];
  /** Stored values of a frame (index from 0), before any rescale. */
  readonly readFrame: (
    orthancId: OrthancId,
    frameIndex: number,
    format: PixelFormat,
  ) => Promise<DecodedFrame>;
  /** Written into the results; part of what makes them the same bytes when the analysis is repeated. */
  readonly createdAt: Date;
  /** Told how many slices are done. */
  readonly progress?: (slicesDone: number) => void;
  readonly signal?: AbortSignal;
}

export interface AnalysedSegment {
  readonly number: number;
  readonly label: string;
  readonly volumeMl: number;
  readonly voxelCount: number;
  readonly colorRgb: readonly [number, number, number];
}

export type AnalysisOutcome =
  | {
      readonly kind: "succeeded";
      /** Undefined when the algorithm found nothing: a SEG cannot be without frames. */
      readonly segmentation: WrittenInstance | undefined;
      readonly report: WrittenInstance;
      /** Every segment of the model, with volume 0 when nothing was found of it. */
      readonly segments: readonly AnalysedSegment[];
      /** Mean probability over all voxels of all segments, 0 to 1; null when there are none. */
      readonly confidence: number | null;
      readonly engine: string;
      readonly modelMilliseconds: number;
    }
  | { readonly kind: "not-applicable"; readonly code: string; readonly reason: string };

const FRAMES_AT_ONCE = 4;

/**
 * Runs a model on a series and writes what it found as DICOM SEG and SR. The same input, model and `createdAt` give
 * the same bytes under the same UIDs: a repeated job replaces nothing.
 * @throws AnalysisError for what will not change by trying again; whatever `readFrame` or the engine throw otherwise
 */
export async function analyseSeries(input: AnalysisInput): Promise<AnalysisOutcome> {
  const { model, engine, instances, signal } = input;
  assertOnePatientAndStudy(input);
  const geometry = assembleVolume(instances);
  const unsuitable = suits(model, geometry);
  if (unsuitable !== undefined) return { kind: "not-applicable", ...unsuitable };
  const planes = await readPlanes(geometry, input);
  const answer = await runModel(model, engine, geometry, planes, signal, input.progress);
  const written = writeResults(input, geometry, answer.labels, answer.measurements);
  return {
    kind: "succeeded",
    ...written,
    segments: answer.measurements.map(({ segment, volumeMl, voxelCount }) => ({
      number: segment.number,
      label: segment.label,
      volumeMl,
      voxelCount,
      colorRgb: segment.colorRgb,
    })),
    confidence: confidenceOf(answer.measurements),
    engine: answer.engine,
    modelMilliseconds: answer.modelMilliseconds,
  };
}

/** Results carry one identity: images of another patient or study among them would be filed under a wrong name. */
function assertOnePatientAndStudy({ instances, series }: AnalysisInput): void {
  const patients = new Set(instances.map(({ dataSet }) => dataSet.text(TAG.PatientID)));
  const strangers = instances.some(
    ({ dataSet }) =>
      dataSet.string(TAG.StudyInstanceUID) !== series.studyInstanceUid ||
      dataSet.string(TAG.SeriesInstanceUID) !== series.seriesInstanceUid,
  );
  if (patients.size > 1 || strangers)
    throw new AnalysisError("identity-mixed", "the images are not of one patient, study and series");
}

async function readPlanes(
  { slices }: VolumeGeometry,
  { readFrame, signal }: AnalysisInput,
): Promise<Float32Array[]> {
  const planes = new Array<Float32Array>(slices.length);
  let next = 0;
  const work = async (): Promise<void> => {
    for (let index = next++; index < slices.length; index = next++) {
      signal?.throwIfAborted();
      const slice = slices[index];
      if (slice === undefined) return;
      const frame = await readFrame(slice.orthancId, 0, slice.format);
      planes[index] = modalityValues(frame, slice.format, slice.dataSet);
    }
  };
  await Promise.all(Array.from({ length: Math.min(FRAMES_AT_ONCE, slices.length) }, work));
  return planes;
}

function writeResults(
  { model, series, instances, createdAt }: AnalysisInput,
  geometry: VolumeGeometry,
  labels: readonly Uint8Array[],
  measurements: readonly SegmentMeasurement[],
): { segmentation: WrittenInstance | undefined; report: WrittenInstance } {
  const { manifest } = model;
  const algorithm: Algorithm = {
    name: manifest.name,
    version: manifest.version,
    title: manifest.title,
    source: manifest.algorithmSource,
    notice: manifest.notice,
    digest: model.digest,
  };
  const source = {
    ...series,
    patientId: instances[0]?.dataSet.text(TAG.PatientID) ?? "",
    modelName: manifest.name,
    modelVersion: manifest.version,
  };
  const names = resultNames(source);
  const digest = digestOf(instances);
  const segments = measurements.map(({ segment, volumeMl, meanProbability }): MeasuredSegment => {
    const { number, label, description, category, type, anatomicRegion, colorRgb } = segment;
    return {
      ...{ number, label, description, category, type, anatomicRegion, colorRgb, volumeMl, meanProbability },
      longestDiameterMm: null,
      meanIntensity: null,
      trackingId: `${manifest.name} ${label}`.slice(0, 64),
      trackingUid: derivedUid("tracking", ...names, digest, String(number)),
    };
  });
  const isEmpty = segments.every(({ meanProbability }) => meanProbability === null);
  const planes = geometry.slices.map(({ positionMm, sopInstanceUid, dataSet }, index) => ({
    positionMm,
    sopInstanceUid,
    sopClassUid: dataSet.string(TAG.SOPClassUID) ?? "",
    labels: labels[index] ?? new Uint8Array(),
  }));
  const image = geometry.slices[0]?.dataSet;
  if (image === undefined) throw new TypeError("a volume has slices");
  const common = { sourceSeriesInstanceUid: series.seriesInstanceUid, image, algorithm, createdAt };
  const labelMap: LabelMap = { ...geometry, planes };
  const segmentation = isEmpty
    ? undefined
    : writeSegmentation({
        ...common,
        seriesInstanceUid: resultSeriesUid("seg", source),
        sopInstanceUid: derivedUid("seg", ...names, digest),
        segments,
        labelMap,
      });
  const report = writeReport({
    ...common,
    seriesInstanceUid: resultSeriesUid("sr", source),
    sopInstanceUid: derivedUid("sr", ...names, digest),
    images: planes,
    procedure: manifest.procedure,
    targetRegion: manifest.targetRegion,
    segments,
    scores: [],
    segmentation,
    attention: undefined,
  });
  return { segmentation, report };
}

/** Names the input: the same set of instances, whatever their order. */
function digestOf(instances: readonly SourceInstance[]): string {
  const uids = instances.map(({ sopInstanceUid }) => sopInstanceUid).sort();
  return createHash("sha256").update(uids.join("\n")).digest("hex");
}

function confidenceOf(measurements: readonly SegmentMeasurement[]): number | null {
  const found = measurements.filter(({ voxelCount }) => voxelCount > 0);
  const voxels = found.reduce((sum, { voxelCount }) => sum + voxelCount, 0);
  if (voxels === 0) return null;
  const weighted = found.reduce(
    (sum, { meanProbability, voxelCount }) => sum + (meanProbability ?? 0) * voxelCount,
    0,
  );
  return weighted / voxels;
}
