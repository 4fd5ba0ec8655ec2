import { AnalysisError } from "./analysis-error.js";

/** A plane as the network labelled it. */
export interface LabelledPlane {
  /** rows × columns Segment Numbers, 0 for none. */
  readonly labels: Uint8Array;
  /** rows × columns: how sure the network is of the label; only looked at where there is one. */
  readonly probability: ArrayLike<number>;
  /** rows × columns modality values of the image. */
  readonly intensity: ArrayLike<number>;
}

/** Labelled pixels of one label beside each other in a row. */
interface Run {
  readonly row: number;
  readonly start: number;
  /** The column after the last one. */
  readonly end: number;
  readonly label: number;
  /** Index into the islands; see `find`. */
  readonly island: number;
}

/** An island: voxels of one label that touch by a face (6-connectivity). */
export interface Island {
  readonly label: number;
  readonly voxelCount: number;
  /** Sums over its voxels. */
  readonly probability: number;
  readonly intensity: number;
}

/** What is left of a plane's islands: row and columns of each run. */
export interface IslandRun {
  readonly plane: number;
  readonly row: number;
  readonly start: number;
  readonly end: number;
}

/** Noise instead of a segmentation would fill the memory: an organ in a 600-slice CT has some 400,000. */
const MOST_RUNS = 2_000_000;

/**
 * Finds the islands of a label map while its planes come one by one, and sums up what is in them, so that neither
 * probabilities nor intensities of the whole volume have to be kept. Planes come in the order of the volume's slices.
 */
export class SegmentIslands {
  private readonly planes: (readonly Run[])[] = [];
  private readonly parents: number[] = [];
  private readonly sums: { voxelCount: number; probability: number; intensity: number; label: number }[] = [];
  private runCount = 0;

  constructor(
    private readonly rows: number,
    private readonly columns: number,
  ) {}

  /** @throws AnalysisError `model-output-invalid` when the answer is so scattered that it is none */
  add(plane: LabelledPlane): void {
    const below = this.planes.at(-1) ?? [];
    const runs: Run[] = [];
    let [previousRow, inBelow] = [0, 0];
    for (let row = 0; row < this.rows; row++) {
      const rowStart = runs.length;
      let above = previousRow;
      for (const { start, end, label } of runsOf(plane.labels, row * this.columns, this.columns)) {
        const island = this.startIsland(plane, label, row * this.columns + start, row * this.columns + end);
        // Runs of a row are in the order of their columns: what ends before this one cannot touch the next either.
        while (above < rowStart && (runs[above]?.end ?? 0) <= start) above++;
        this.joinTouching(runs, above, rowStart, row - 1, { start, end, label, island });
        while (inBelow < below.length && isBefore(below[inBelow], row, start)) inBelow++;
        this.joinTouching(below, inBelow, below.length, row, { start, end, label, island });
        runs.push({ row, start, end, label, island });
      }
      previousRow = rowStart;
    }
    this.runCount += runs.length;
    if (this.runCount > MOST_RUNS)
      throw new AnalysisError(
        "model-output-invalid",
        "the network's answer is scattered all over the images",
      );
    this.planes.push(runs);
  }

  /**
   * The islands that are large enough, and their runs in the order of the planes.
   * @param minimumVoxels those with fewer voxels are dropped
   */
  finish(minimumVoxels: (label: number) => number): ReadonlyMap<Island, readonly IslandRun[]> {
    const whole = new Map<number, Island & { voxelCount: number; probability: number; intensity: number }>();
    this.sums.forEach((sum, at) => {
      const root = this.find(at);
      const island = whole.get(root);
      if (island === undefined) {
        whole.set(root, { ...sum });
        return;
      }
      island.voxelCount += sum.voxelCount;
      island.probability += sum.probability;
      island.intensity += sum.intensity;
    });
    const kept = new Map<Island, IslandRun[]>();
    for (const island of whole.values())
      if (island.voxelCount >= minimumVoxels(island.label)) kept.set(island, []);
    this.planes.forEach((runs, plane) => {
      for (const { row, start, end, island: at } of runs) {
        const island = whole.get(this.find(at));
        if (island !== undefined) kept.get(island)?.push({ plane, row, start, end });
      }
    });
    return kept;
  }

  private startIsland({ probability, intensity }: LabelledPlane, label: number, from: number, to: number) {
    let [sumOfProbability, sumOfIntensity] = [0, 0];
    for (let at = from; at < to; at++) {
      sumOfProbability += probability[at] ?? 0;
      sumOfIntensity += intensity[at] ?? 0;
    }
    const island = this.parents.push(this.parents.length) - 1;
    this.sums.push({
      label,
      voxelCount: to - from,
      probability: sumOfProbability,
      intensity: sumOfIntensity,
    });
    return island;
  }

  /** Joins a run with those of `others` from `first` on that are in `row`, overlap in a column and have its label. */
  private joinTouching(
    others: readonly Run[],
    first: number,
    last: number,
    row: number,
    { start, end, label, island }: Omit<Run, "row">,
  ): void {
    for (let at = first; at < last; at++) {
      const other = others[at];
      if (other === undefined || other.row !== row || other.start >= end) return;
      if (other.end > start && other.label === label) this.join(other.island, island);
    }
  }

  private join(one: number, other: number): void {
    const [a, b] = [this.find(one), this.find(other)];
    // The older one stays: islands come out in the order in which they are met.
    if (a !== b) this.parents[Math.max(a, b)] = Math.min(a, b);
  }

  private find(island: number): number {
    let root = island;
    for (let parent = this.parents[root] ?? root; parent !== root; parent = this.parents[root] ?? root)
      root = parent;
    for (let at = island; at !== root;) {
      const next = this.parents[at] ?? root;
      this.parents[at] = root;
      at = next;
    }
    return root;
  }
}

function isBefore(run: Run | undefined, row: number, column: number): boolean {
  return run !== undefined && (run.row < row || (run.row === row && run.end <= column));
}

function* runsOf(labels: Uint8Array, from: number, columns: number) {
  for (let start = 0; start < columns;) {
    const label = labels[from + start] ?? 0;
    let end = start + 1;
    while (end < columns && labels[from + end] === label) end++;
    if (label !== 0) yield { start, end, label };
    start = end;
  }
}
