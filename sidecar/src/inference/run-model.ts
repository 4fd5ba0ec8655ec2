import { setImmediate } from "node:timers/promises";
import { AnalysisError } from "./analysis-error.js";
import { axialView, fromView, toView, type AxialView } from "./axial-view.js";
import { dropSpecks } from "./connected-components.js";
import type { Engine } from "./engine.js";
import type { SegmentManifest } from "./model-manifest.js";
import type { Model } from "./model-registry.js";
import { foregroundMedian, normalise } from "./normalise.js";
import { coveringGrid, resampler, type PlaneGrid } from "./resample.js";
import type { VolumeGeometry } from "./volume.js";

export interface SegmentMeasurement {
  readonly segment: SegmentManifest;
  readonly voxelCount: number;
  /** Voxels times the volume of one: row spacing × column spacing × distance between slices. */
  readonly volumeMl: number;
  /** Mean probability over the segment's voxels, 0 to 1; null when it has none. */
  readonly meanProbability: number | null;
}

export interface ModelAnswer {
  /** On the source's grid, in the order of its slices: rows × columns Segment Numbers, 0 for none. */
  readonly labels: readonly Uint8Array[];
  readonly measurements: readonly SegmentMeasurement[];
  readonly engine: string;
  readonly modelMilliseconds: number;
}

/** Whether the model can look at this volume; if not, why. */
export function suits(model: Model, geometry: VolumeGeometry): { code: string; reason: string } | undefined {
  const { appliesTo } = model.manifest;
  if (geometry.slices.length < appliesTo.minimumSlices) {
    return {
      code: "too-few-slices",
      reason: `the model needs ${appliesTo.minimumSlices} slices, there are ${geometry.slices.length}`,
    };
  }
  if (axialView(geometry) === undefined)
    return { code: "plane-unsuitable", reason: "the model looks at axial slices, these are not" };
  return undefined;
}

/**
 * Runs a model on a volume: slices turned to axial view, resampled to the model's spacing over the whole field of
 * view, normalised over the volume; probabilities resampled back to the source's grid, thresholded there, specks
 * dropped.
 * @param planes modality values of each slice of the geometry
 * @throws AnalysisError `no-contrast`, `model-output-invalid`
 */
export async function runModel(
  model: Model,
  engine: Engine,
  geometry: VolumeGeometry,
  planes: readonly Float32Array[],
  signal?: AbortSignal,
  progress?: (slicesDone: number) => void,
): Promise<ModelAnswer> {
  const { preprocessing, segments, network } = model.manifest;
  const view = axialView(geometry);
  if (view === undefined) throw new TypeError("the volume does not suit the model");
  const output = network.outputs.findIndex(({ kind }) => kind === "per-pixel");
  const channels = network.outputs[output]?.channels ?? 0;
  if (preprocessing.normalisation.kind !== "foreground-median" || channels === 0)
    throw new TypeError("models of this kind are not run yet");
  const { clip } = preprocessing.normalisation;
  const normalisation = foregroundMedian(planes);
  if (normalisation === undefined) throw new AnalysisError("no-contrast", "the images have no contrast");
  const source = gridInView(geometry, view);
  const target = coveringGrid(source, preprocessing.pixelSpacingMm, preprocessing.sizeMultiple);
  const { rows, columns } = geometry;
  const [toTarget, toSource] = [resampler(source, target), resampler(target, source)];
  const prepare = (plane: Float32Array): Float32Array => {
    const values = toTarget(toView(plane, rows, columns, view));
    normalise(values, normalisation, clip);
    return values;
  };
  const back = (probability: Float32Array): Float32Array =>
    fromView(toSource(probability), rows, columns, view);
  const label = (all: Float32Array): LabelledPlane =>
    labelPlane(
      segments.map(({ channel }) => back(channelOf(all, channel, channels))),
      segments,
    );
  let slicesDone = 0;
  const infer = async (prepared: Float32Array[]) => {
    const size = { rows: target.rows.length, columns: target.columns.length };
    const answer = await engine.infer(model, { ...size, planes: prepared }, signal);
    const labelled = await eachInTurn(answer.outputs[output] ?? [], label);
    progress?.((slicesDone += labelled.length));
    return { ...answer, labelled };
  };
  // While the network looks at some planes, the next are prepared and those before are labelled.
  const parts: ReturnType<typeof infer>[] = [];
  for (let start = 0; start < planes.length; start += engine.planesAtOnce) {
    const part = infer(await eachInTurn(planes.slice(start, start + engine.planesAtOnce), prepare));
    part.catch(() => undefined); // thrown below: until then nobody else listens
    parts.push(part);
  }
  const answers = await Promise.all(parts);
  const found = answers.flatMap(({ labelled }) => labelled);
  const labels = found.map((plane) => plane.labels);
  const voxelMl = (geometry.rowSpacingMm * geometry.columnSpacingMm * geometry.sliceSpacingMm) / 1000;
  dropSpecks(labels, geometry.columns, (label) => (segments[label - 1]?.minimumVolumeMl ?? 0) / voxelMl);
  return {
    labels,
    measurements: segments.map((segment) => measure(segment, found, voxelMl)),
    engine: answers[0]?.engine ?? engine.name,
    modelMilliseconds: answers.reduce((sum, { modelMilliseconds }) => sum + modelMilliseconds, 0),
  };
}

/** Plane by plane, letting the event loop turn in between: a health check must not wait for a whole volume. */
async function eachInTurn<Result>(
  planes: readonly Float32Array[],
  work: (plane: Float32Array) => Result,
): Promise<Result[]> {
  const results: Result[] = [];
  for (const plane of planes) {
    results.push(work(plane));
    await setImmediate();
  }
  return results;
}

interface LabelledPlane {
  readonly labels: Uint8Array;
  /** Probability of the label where there is one. */
  readonly probability: Float32Array;
}

function gridInView(
  { rows, columns, rowSpacingMm, columnSpacingMm }: VolumeGeometry,
  view: AxialView,
): PlaneGrid {
  const down = { length: rows, spacingMm: rowSpacingMm };
  const across = { length: columns, spacingMm: columnSpacingMm };
  return view.transpose ? { rows: across, columns: down } : { rows: down, columns: across };
}

function channelOf(all: Float32Array, channel: number, channels: number): Float32Array {
  if (channels === 1) return all;
  return Float32Array.from(
    { length: all.length / channels },
    (_, pixel) => all[pixel * channels + channel] ?? 0,
  );
}

/** Each pixel gets the most probable of the segments whose threshold it reaches. */
function labelPlane(channels: readonly Float32Array[], segments: readonly SegmentManifest[]): LabelledPlane {
  const length = channels[0]?.length ?? 0;
  const labels = new Uint8Array(length);
  const probability = new Float32Array(length);
  channels.forEach((values, channel) => {
    const { number, threshold } = segments[channel] ?? { number: 0, threshold: 1 };
    for (let at = 0; at < length; at++) {
      const value = values[at] ?? 0;
      if (value < threshold || value <= (probability[at] ?? 0)) continue;
      labels[at] = number;
      probability[at] = value;
    }
  });
  return { labels, probability };
}

function measure(
  segment: SegmentManifest,
  planes: readonly LabelledPlane[],
  voxelMl: number,
): SegmentMeasurement {
  const { number } = segment;
  let voxelCount = 0;
  let sum = 0;
  for (const { labels, probability } of planes) {
    for (let at = labels.indexOf(number); at >= 0; at = labels.indexOf(number, at + 1)) {
      voxelCount++;
      sum += probability[at] ?? 0;
    }
  }
  return {
    segment,
    voxelCount,
    // To a cubic millimetre: more digits would claim a precision that is not there.
    volumeMl: Math.round(voxelCount * voxelMl * 1000) / 1000,
    meanProbability: voxelCount === 0 ? null : Math.min(1, sum / voxelCount),
  };
}
