import type { HeldObjects } from "../analysis/store-result.js";
import type { Archive } from "../archive/archive.js";
import { derivedUid, type Uid } from "../dicom/uid.js";
import type { Model } from "../inference/model-registry.js";
import { measureSegments } from "../inference/measure-segments.js";
import { planeSource } from "../inference/plane-source.js";
import { SegmentIslands } from "../inference/segment-islands.js";
import { assembleVolume, type VolumeGeometry } from "../inference/volume.js";
import { writeResults } from "../inference/write-results.js";
import type { ReviewRow } from "../state/review-records.js";
import type { ApplyReviewDependencies } from "./apply-review.js";
import { readCorrection, type CorrectedLabels } from "./read-correction.js";
import { sourceInstances } from "./result-images.js";
import { ReviewFault } from "./review-fault.js";
import { personName } from "./verify-report.js";

export interface CorrectResultDependencies {
  readonly archive: Pick<Archive, "dataSet" | "readFrame">;
  readonly held: Pick<HeldObjects, "read">;
  readonly findModel: (name: string, version: string) => Model | undefined;
}

/**
 * Measures a corrected segmentation on the images anew, as the model's was measured, and writes it as SEG and SR: the
 * segments are SEMIAUTOMATIC, or MANUAL where the sender says so. What is small stays: a person drew it.
 */
export function correctResult({
  archive,
  held,
  findModel,
}: CorrectResultDependencies): ApplyReviewDependencies["correct"] {
  return async (review, { analysis, series, study }, signal) => {
    const model = findModel(analysis.modelName, analysis.modelVersion);
    if (model === undefined) throw new ReviewFault("model-missing", "the model is not installed any more");
    const uid = review.correctedSopInstanceUid ?? "";
    const file = await held.read(analysis.id, uid);
    if (file === null)
      throw new ReviewFault("correction-unreadable", "the corrected segmentation is not there any more");
    const instances = await sourceInstances(series, archive);
    const geometry = assembleVolume(instances);
    const { studyInstanceUid } = study;
    const { seriesInstanceUid } = series;
    const { manifest } = model;
    const corrected = readCorrection(file, {
      ...{ patientId: study.patientId, studyInstanceUid, seriesInstanceUid, geometry },
      segments: manifest.segments,
    });
    const readFrame = archive.readFrame.bind(archive);
    const measured = await measure(model, geometry, corrected, planeSource(geometry, readFrame, signal));
    const { segmentation, report, segments } = writeResults(
      {
        model,
        series: { studyInstanceUid, seriesInstanceUid },
        instances,
        createdAt: review.decidedAt,
        correction: {
          segmentationSopInstanceUid: uid as Uid,
          reportSopInstanceUid: derivedUid("corrected sr", review.reportSopInstanceUid, uid),
          corrector: correctorOf(review),
          algorithmTypes: corrected.algorithmTypes,
        },
      },
      geometry,
      { ...measured, scores: [], attention: undefined, engine: analysis.result.engine, modelMilliseconds: 0 },
    );
    return {
      segmentation,
      report,
      segments: segments.map(({ number, label, volumeMl, longestDiameterMm, meanIntensity, colorRgb }) => ({
        ...{ number, label, volumeMl, longestDiameterMm, meanIntensity, colorRgb },
      })),
    };
  };
}

async function measure(
  { manifest }: Model,
  geometry: VolumeGeometry,
  { labels }: CorrectedLabels,
  readPlane: (slice: number) => Promise<Float32Array>,
) {
  const islands = new SegmentIslands(geometry.rows, geometry.columns);
  const none = new Float32Array(geometry.rows * geometry.columns);
  for (const [slice, plane] of labels.entries())
    islands.add({
      labels: plane,
      probability: none,
      intensity: plane.some((label) => label !== 0) ? await readPlane(slice) : none,
    });
  const segments = manifest.segments.map((segment) => ({ ...segment, minimumVolumeMl: 0 }));
  return measureSegments(islands, segments, geometry);
}

function correctorOf({ reviewer }: ReviewRow) {
  const displayName = reviewer.displayName === "" ? reviewer.username : reviewer.displayName;
  return { personName: personName(reviewer), organisation: reviewer.organisation, displayName };
}
