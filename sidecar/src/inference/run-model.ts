import { setImmediate } from "node:timers/promises";
import { aggregateScore, type ScoreMeasurement } from "./aggregate-scores.js";
import type { Engine } from "./engine.js";
import { channelOf, labelPlane } from "./label-plane.js";
import { measureSegments, type MeasuredLabels } from "./measure-segments.js";
import type { Model } from "./model-registry.js";
import { modelView, type ModelView } from "./model-view.js";
import type { ReadPlane } from "./plane-source.js";
import { SegmentIslands } from "./segment-islands.js";
import { volumeNormalisation } from "./volume-normalisation.js";
import type { VolumeGeometry } from "./volume.js";

export interface ModelAnswer extends MeasuredLabels {
  /** One for each score of the manifest. */
  readonly scores: readonly ScoreMeasurement[];
  /** On the source's grid, in the order of its slices: rows × columns, 255 for the end of the map's range. */
  readonly attention: readonly Uint8Array[] | undefined;
  readonly engine: string;
  readonly modelMilliseconds: number;
}

export interface RunOptions {
  readonly signal?: AbortSignal | undefined;
  /** Told how many slices are done. */
  readonly progress?: ((slicesDone: number) => void) | undefined;
}

/**
 * Batches on their way through the network: while it looks at one the next is read and prepared. More would only fill
 * the memory.
 */
const BATCHES_AT_ONCE = 2;
/** Slices read from the archive at the same time. */
const READ_AT_ONCE = 4;

/**
 * Runs a model on a volume, slice by slice, so that memory does not grow with the volume but for what is found: slices
 * turned to axial view, resampled to the model's spacing, normalised; what the network answers brought back to the
 * source's grid. Segments are thresholded there, small islands dropped, and measured; scores are aggregated over slices.
 * @throws AnalysisError `no-contrast`, `model-output-invalid`; whatever `readPlane` or the engine throw
 */
export async function runModel(
  model: Model,
  engine: Engine,
  geometry: VolumeGeometry,
  readPlane: ReadPlane,
  { signal, progress }: RunOptions = {},
): Promise<ModelAnswer> {
  const { preprocessing } = model.manifest;
  const view = modelView(
    preprocessing,
    geometry,
    await volumeNormalisation(preprocessing, geometry, readPlane),
  );
  const results = new Results(model, geometry, view);
  const { rows, columns } = view;
  let modelMilliseconds = 0;
  let engineName = engine.name;
  const running: Promise<void>[] = [];
  let previous: Promise<void> = Promise.resolve();
  for (let start = 0; start < geometry.slices.length; start += engine.planesAtOnce) {
    if (running.length >= BATCHES_AT_ONCE) await running.shift();
    const planes = await readBatch(
      readPlane,
      start,
      Math.min(geometry.slices.length, start + engine.planesAtOnce),
    );
    const prepared = await eachInTurn(planes, view.prepare);
    const inferred = engine.infer(model, { rows, columns, planes: prepared }, signal);
    const before = previous;
    const done = (async () => {
      const answer = await inferred;
      // Islands grow from slice to slice: batches are taken in in their order, whichever comes back first.
      await before;
      modelMilliseconds += answer.modelMilliseconds;
      engineName = answer.engine;
      await eachInTurn(planes, (plane, index) =>
        results.add(plane, (output) => answer.outputs[output]?.[index]),
      );
      progress?.(start + planes.length);
    })();
    done.catch(() => undefined); // thrown when its turn comes: until then nobody else listens
    running.push(done);
    previous = done;
  }
  await Promise.all(running);
  return { ...results.finish(), engine: engineName, modelMilliseconds };
}

async function readBatch(readPlane: ReadPlane, start: number, end: number): Promise<Float32Array[]> {
  const planes: Float32Array[] = [];
  for (let from = start; from < end; from += READ_AT_ONCE) {
    const some = Array.from({ length: Math.min(READ_AT_ONCE, end - from) }, (_, at) => readPlane(from + at));
    planes.push(...(await Promise.all(some)));
  }
  return planes;
}

/** Plane by plane, letting the event loop turn in between: a health check must not wait for a whole volume. */
async function eachInTurn<Result>(
  planes: readonly Float32Array[],
  work: (plane: Float32Array, index: number) => Result,
): Promise<Result[]> {
  const results: Result[] = [];
  for (const [index, plane] of planes.entries()) {
    results.push(work(plane, index));
    await setImmediate();
  }
  return results;
}

/** What the network's answers come to, slice by slice. */
class Results {
  private readonly islands: SegmentIslands;
  private readonly scores: number[][];
  private readonly attention: Uint8Array[] = [];
  private readonly nothingSeen: Uint8Array;

  constructor(
    private readonly model: Model,
    private readonly geometry: VolumeGeometry,
    private readonly view: ModelView,
  ) {
    this.islands = new SegmentIslands(geometry.rows, geometry.columns);
    this.scores = model.manifest.scores.map(() => []);
    this.nothingSeen = new Uint8Array(geometry.rows * geometry.columns);
  }

  /** @param outputOf values of an output (index from 0) for this plane */
  add(intensity: Float32Array, outputOf: (output: number) => Float32Array | undefined): void {
    const { segments, scores, attention, network } = this.model.manifest;
    const find = (wanted: (output: (typeof network.outputs)[number]) => boolean) => {
      const index = network.outputs.findIndex(wanted);
      const [output, values] = [network.outputs[index], outputOf(index)];
      if (output === undefined || values === undefined) throw new TypeError("an engine answers every output");
      return { output, values };
    };
    const onSource = ({ output, values }: ReturnType<typeof find>, channel: number) =>
      this.view.back(output, channelOf(values, channel, output.channels));
    if (segments.length > 0) {
      const pixels = find(({ kind }) => kind === "per-pixel");
      const labelled = labelPlane(
        segments.map(({ channel }) => onSource(pixels, channel)),
        segments,
      );
      this.islands.add({ ...labelled, intensity });
    }
    scores.forEach(({ output: name, channel }, at) => {
      const { values } = find((output) => output.name === name);
      this.scores[at]?.push(values[channel] ?? NaN);
    });
    if (attention === undefined) return;
    const seen = find(({ name }) => name === attention.output);
    this.attention.push(
      this.fractions(onSource(seen, attention.channel), seen.output.range[1], attention.minimum),
    );
  }

  finish() {
    const { segments, scores, attention } = this.model.manifest;
    const measured =
      segments.length > 0
        ? measureSegments(this.islands, segments, this.geometry)
        : { labels: [], measurements: [] };
    return {
      ...measured,
      scores: scores.map((score, at) => aggregateScore(score, this.scores[at] ?? [])),
      attention: attention === undefined ? undefined : this.attention,
    };
  }

  /** Planes in which nothing reaches the minimum are one and the same. */
  private fractions(values: Float32Array, highest: number, minimum: number): Uint8Array {
    if (values.every((value) => value < minimum)) return this.nothingSeen;
    return Uint8Array.from(values, (value) =>
      value < minimum ? 0 : Math.min(255, Math.round((255 * value) / highest)),
    );
  }
}
