import { createHash } from "node:crypto";
import { TAG } from "../dicom/tag.js";
import { derivedUid, type Uid } from "../dicom/uid.js";
import type { Algorithm, WrittenInstance } from "../segmentation/result-context.js";
import type { Segment, SegmentAlgorithmType } from "../segmentation/segment.js";
import { writeFractionalSegmentation } from "../segmentation/write-fractional-segmentation.js";
import { writeSegmentation } from "../segmentation/write-segmentation.js";
import { HOUNSFIELD_UNIT, NO_UNIT, type MeasuredSegment } from "../structured-report/measured-segment.js";
import type { PersonObserver } from "../structured-report/observation-context.js";
import type { RiskScore } from "../structured-report/risk-score.js";
import { writeReport } from "../structured-report/write-report.js";
import type { Model } from "./model-registry.js";
import { resultNames, resultSeriesUid, type ResultSource } from "./result-series.js";
import type { ModelAnswer } from "./run-model.js";
import type { SourceInstance, VolumeGeometry } from "./volume.js";

export interface AnalysedSource {
  readonly model: Model;
  readonly series: { readonly studyInstanceUid: string; readonly seriesInstanceUid: string };
  readonly instances: readonly SourceInstance[];
  readonly createdAt: Date;
  /** Somebody's own question, not the analysis of the series: its results have UIDs of their own. */
  readonly direct?: { readonly id: string; readonly minimumSlices: number | undefined } | undefined;
  readonly correction?: Correction | undefined;
}

/** What a person made of a result of a model. */
export interface Correction {
  readonly segmentationSopInstanceUid: Uid;
  readonly reportSopInstanceUid: Uid;
  readonly corrector: PersonObserver & { readonly displayName: string };
  /** By Segment Number. */
  readonly algorithmTypes: ReadonlyMap<number, SegmentAlgorithmType>;
}

export interface WrittenResults {
  /** Undefined when the algorithm found nothing: a SEG cannot be without frames. */
  readonly segmentation: WrittenInstance | undefined;
  /** Where the model looked; undefined when it does not say so, or looked at nothing in particular. */
  readonly attention: WrittenInstance | undefined;
  readonly report: WrittenInstance;
  readonly segments: readonly MeasuredSegment[];
  readonly scores: readonly RiskScore[];
}

/** Writes what a model answered as DICOM SEG and SR. The same input gives the same bytes under the same UIDs. */
export function writeResults(
  { model, series, instances, createdAt, direct, correction }: AnalysedSource,
  geometry: VolumeGeometry,
  answer: ModelAnswer,
): WrittenResults {
  const { manifest } = model;
  const algorithm = algorithmOf(model);
  const source = { ...sourceOf({ model, series, instances }), directId: direct?.id };
  const names = resultNames(source);
  const digest = digestOf(instances);
  const image = geometry.slices[0]?.dataSet;
  if (image === undefined) throw new TypeError("a volume has slices");
  const common = { sourceSeriesInstanceUid: series.seriesInstanceUid, image, algorithm, createdAt };
  const planes = geometry.slices.map(({ positionMm, sopClassUid, sopInstanceUid, frameNumber }) => ({
    ...{ positionMm, sopClassUid, sopInstanceUid, frameNumber },
  }));
  const tracked = <Named extends { readonly label: string }>(named: Named, key: string) => ({
    ...named,
    trackingId: `${manifest.name} ${named.label}`.slice(0, 64),
    trackingUid: derivedUid("tracking", ...names, digest, key),
  });

  const segments = segmentsOf(answer, geometry.units === "HU").map((segment) =>
    corrected(tracked(segment, String(segment.number)), correction),
  );
  const segmentation = segments.every(({ longestDiameterMm }) => longestDiameterMm === null)
    ? undefined
    : writeSegmentation({
        ...common,
        seriesInstanceUid: resultSeriesUid("seg", source),
        sopInstanceUid: correction?.segmentationSopInstanceUid ?? derivedUid("seg", ...names, digest),
        segments,
        labelMap: {
          ...geometry,
          planes: planes.map((plane, at) => ({ ...plane, labels: answer.labels[at] ?? new Uint8Array() })),
        },
      });
  const { attention: fractions = [] } = answer;
  const attention =
    manifest.attention === undefined || fractions.every((plane) => plane.every((value) => value === 0))
      ? undefined
      : writeFractionalSegmentation({
          ...common,
          seriesInstanceUid: resultSeriesUid("attention", source),
          sopInstanceUid: derivedUid("attention", ...names, digest),
          segments: [tracked({ number: 1, ...describedBy(manifest.attention) }, "attention")],
          fractionMap: {
            ...geometry,
            planes: planes.map((plane, at) => ({ ...plane, fractions: fractions[at] ?? new Uint8Array() })),
          },
        });
  const scores = answer.scores.map(
    ({ score: { name, title, code, range, meaning }, value, band }): RiskScore => ({
      ...{ name, title, code, value, range, meaning },
      band: { code: band.code, label: band.label },
    }),
  );
  const report = writeReport({
    ...common,
    seriesInstanceUid: resultSeriesUid("sr", source),
    sopInstanceUid: correction?.reportSopInstanceUid ?? derivedUid("sr", ...names, digest),
    images: planes,
    procedure: manifest.procedure,
    targetRegion: manifest.targetRegion,
    segments,
    scores,
    segmentation,
    attention,
    corrector: correction?.corrector,
  });
  return { segmentation, attention, report, segments, scores };
}

export function algorithmOf({ manifest, digest }: Model): Algorithm {
  return {
    name: manifest.name,
    version: manifest.version,
    title: manifest.title,
    source: manifest.algorithmSource,
    notice: manifest.notice,
    digest,
  };
}

/** Names what the result is of. */
export function sourceOf({
  model: { manifest },
  series: { studyInstanceUid, seriesInstanceUid },
  instances,
}: Omit<AnalysedSource, "createdAt">): ResultSource {
  return {
    patientId: instances[0]?.dataSet.text(TAG.PatientID) ?? "",
    ...{ studyInstanceUid, seriesInstanceUid },
    modelName: manifest.name,
    modelVersion: manifest.version,
  };
}

/** A corrected segment is that person's; how sure the model had been says nothing about it. */
function corrected(segment: MeasuredSegment, correction: Correction | undefined): MeasuredSegment {
  if (correction === undefined) return segment;
  return {
    ...segment,
    meanProbability: null,
    correctedBy: correction.corrector.displayName,
    algorithmType: correction.algorithmTypes.get(segment.number) ?? "SEMIAUTOMATIC",
  };
}

function segmentsOf(
  { measurements }: ModelAnswer,
  hounsfield: boolean,
): Omit<MeasuredSegment, "trackingId" | "trackingUid">[] {
  return measurements.map(({ segment, volumeMl, longestDiameterMm, meanIntensity, meanProbability }) => ({
    number: segment.number,
    ...describedBy(segment),
    volumeMl,
    longestDiameterMm,
    meanIntensity:
      meanIntensity === null ? null : { value: meanIntensity, unit: hounsfield ? HOUNSFIELD_UNIT : NO_UNIT },
    meanProbability,
  }));
}

type Described = Omit<Segment, "number" | "trackingId" | "trackingUid">;

function describedBy({ label, description, category, type, anatomicRegion, colorRgb }: Described): Described {
  return { label, description, category, type, anatomicRegion, colorRgb };
}

/** Names the input: the same set of instances, whatever their order. */
function digestOf(instances: readonly SourceInstance[]): string {
  const uids = instances.map(({ sopInstanceUid }) => sopInstanceUid).sort();
  return createHash("sha256").update(uids.join("\n")).digest("hex");
}
