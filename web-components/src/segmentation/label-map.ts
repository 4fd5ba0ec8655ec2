/** Segment Numbers of one image's pixels, row by row; 0 is none. A pixel has one, so segments never overlap. */
export interface LabelPlane {
  readonly rows: number;
  readonly columns: number;
  readonly labels: Uint8Array;
}

/** A place on an image in pixels: (0, 0) is the outer corner of the first pixel, (0.5, 0.5) its centre. */
export interface ImagePoint {
  readonly column: number;
  readonly row: number;
}

/** What the brush does: makes pixels of the segment, or takes them from it. */
export interface Brush {
  readonly mode: "paint" | "erase";
  readonly segment: number;
  /** Diameter in pixels, at least 1. */
  readonly size: number;
}

/** Pixels that a stroke changed, with what they were, each once. */
export type Changes = Map<number, number>;

/**
 * Moves a round brush from one place to another: a pixel is under it when its centre is. The pixel that the brush stands
 * on always is, however small the brush. Nothing outside the image is touched.
 * @param changes of the stroke so far; what was there before the stroke is kept
 * @returns whether a pixel changed
 */
export function stroke(
  { rows, columns, labels }: LabelPlane,
  from: ImagePoint,
  to: ImagePoint,
  brush: Brush,
  changes: Changes,
): boolean {
  const radius = brush.size / 2;
  const first = Math.max(0, Math.floor(Math.min(from.row, to.row) - radius));
  const last = Math.min(rows - 1, Math.ceil(Math.max(from.row, to.row) + radius));
  const left = Math.max(0, Math.floor(Math.min(from.column, to.column) - radius));
  const right = Math.min(columns - 1, Math.ceil(Math.max(from.column, to.column) + radius));
  let changed = false;
  for (let row = first; row <= last; row += 1)
    for (let column = left; column <= right; column += 1) {
      const centre = { column: column + 0.5, row: row + 0.5 };
      const isUnder = distanceToLine(centre, from, to) <= radius || isPixelOf(to, column, row);
      const at = row * columns + column;
      if (isUnder && change(labels, at, brush, changes)) changed = true;
    }
  return changed;
}

/** Puts back what a stroke changed. */
export function undo({ labels }: LabelPlane, changes: Changes): void {
  for (const [at, before] of changes) labels[at] = before;
}

function change(labels: Uint8Array, at: number, { mode, segment }: Brush, changes: Changes): boolean {
  const before = labels[at] ?? 0;
  // What is erased is the segment that was chosen; others stay as they are.
  const after = mode === "paint" ? segment : before === segment ? 0 : before;
  if (before === after) return false;
  if (!changes.has(at)) changes.set(at, before);
  labels[at] = after;
  return true;
}

function isPixelOf(point: ImagePoint, column: number, row: number): boolean {
  return Math.floor(point.column) === column && Math.floor(point.row) === row;
}

function distanceToLine(point: ImagePoint, from: ImagePoint, to: ImagePoint): number {
  const [x, y] = [to.column - from.column, to.row - from.row];
  const length = x * x + y * y;
  const along = length === 0 ? 0 : ((point.column - from.column) * x + (point.row - from.row) * y) / length;
  const share = Math.min(1, Math.max(0, along));
  return Math.hypot(point.column - from.column - share * x, point.row - from.row - share * y);
}
