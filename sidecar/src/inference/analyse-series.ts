import { TAG } from "../dicom/tag.js";
import type { WrittenInstance } from "../segmentation/result-context.js";
import type { MeanIntensity } from "../structured-report/measured-segment.js";
import type { RiskScore } from "../structured-report/risk-score.js";
import { AnalysisError } from "./analysis-error.js";
import type { Engine } from "./engine.js";
import type { SegmentMeasurement } from "./measure-segments.js";
import { planeSource, type ReadFrame } from "./plane-source.js";
import { runModel } from "./run-model.js";
import { suits } from "./suits.js";
import { assembleVolume } from "./volume.js";
import { writeResults, type AnalysedSource } from "./write-results.js";

/** Instances in any order; `createdAt` is part of what makes results the same bytes when the analysis is repeated. */
export interface AnalysisInput extends AnalysedSource {
  readonly engine: Engine;
  readonly readFrame: ReadFrame;
  readonly signal?: AbortSignal;
  /** Told how many slices are done. */
  readonly progress?: (slicesDone: number) => void;
}

export interface AnalysedSegment {
  readonly number: number;
  readonly label: string;
  readonly volumeMl: number;
  /** Null when nothing was found. */
  readonly longestDiameterMm: number | null;
  readonly meanIntensity: MeanIntensity | null;
  readonly voxelCount: number;
  readonly colorRgb: readonly [number, number, number];
}

export type AnalysisOutcome =
  | {
      readonly kind: "succeeded";
      /** Undefined when the algorithm found nothing: a SEG cannot be without frames. */
      readonly segmentation: WrittenInstance | undefined;
      /** FRACTIONAL SEG of where the model looked, for models that say so. */
      readonly attention: WrittenInstance | undefined;
      readonly report: WrittenInstance;
      /** Every segment of the model, with volume 0 when nothing was found of it. */
      readonly segments: readonly AnalysedSegment[];
      /** Every score of the model. */
      readonly scores: readonly RiskScore[];
      /** Mean probability over all voxels of all segments, 0 to 1; null when there are none. */
      readonly confidence: number | null;
      readonly engine: string;
      readonly modelMilliseconds: number;
    }
  | { readonly kind: "not-applicable"; readonly code: string; readonly reason: string };

/**
 * Runs a model on a series and writes what it found as DICOM SEG and SR. The same input, model and `createdAt` give
 * the same bytes under the same UIDs: a repeated job replaces nothing.
 * @throws AnalysisError for what will not change by trying again; whatever `readFrame` or the engine throw otherwise
 */
export async function analyseSeries(input: AnalysisInput): Promise<AnalysisOutcome> {
  const { model, engine, instances, readFrame, signal, progress } = input;
  assertOnePatientAndStudy(input);
  const geometry = assembleVolume(instances);
  const unsuitable = suits(model, geometry);
  if (unsuitable !== undefined) return { kind: "not-applicable", ...unsuitable };
  const answer = await runModel(model, engine, geometry, planeSource(geometry, readFrame, signal), {
    signal,
    progress,
  });
  const { segments, ...written } = writeResults(input, geometry, answer);
  return {
    kind: "succeeded",
    ...written,
    segments: segments.map(({ number, label, volumeMl, longestDiameterMm, meanIntensity, colorRgb }, at) => ({
      ...{ number, label, volumeMl, longestDiameterMm, meanIntensity, colorRgb },
      voxelCount: answer.measurements[at]?.voxelCount ?? 0,
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
