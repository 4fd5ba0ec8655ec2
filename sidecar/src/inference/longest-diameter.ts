import { norm, minus, type Vector } from "./vector.js";
import type { IslandRun } from "./segment-islands.js";
import type { VolumeGeometry } from "./volume.js";

/** Rounds of walking to the farthest point before the bound of it is used. */
const WALKS = 4;

/**
 * The greatest distance between the centres of two voxels of an island, in millimetres and in the patient's system. It
 * is exact: only voxels at the ends of a row, and of those only corners of a plane's convex hull, can be farthest.
 * @returns 0 for a single voxel
 */
export function longestDiameterMm(runs: readonly IslandRun[], geometry: VolumeGeometry): number {
  const points = corners(runs, geometry);
  let best = 0;
  let [from] = points;
  if (from === undefined) throw new RangeError("an island has voxels");
  for (let walk = 0; walk < WALKS; walk++) {
    const [farthest, distance] = farthestFrom(from, points);
    best = Math.max(best, distance);
    from = farthest;
  }
  // Whoever is nearer than that to the farthest corner of the box around all points is no end of the diameter.
  const [low, high] = boxOf(points);
  const ends = points.filter(
    (point) =>
      norm([0, 1, 2].map((axis) => farther(point, low, high, axis)) as unknown as Vector) >= best - 1e-9,
  );
  const flat = Float64Array.from(ends.flat());
  let squared = best * best;
  for (let one = 0; one < flat.length; one += 3) {
    const [x, y, z] = [flat[one] ?? 0, flat[one + 1] ?? 0, flat[one + 2] ?? 0];
    for (let other = one + 3; other < flat.length; other += 3) {
      const dx = x - (flat[other] ?? 0);
      const dy = y - (flat[other + 1] ?? 0);
      const dz = z - (flat[other + 2] ?? 0);
      const distance = dx * dx + dy * dy + dz * dz;
      if (distance > squared) squared = distance;
    }
  }
  return Math.sqrt(squared);
}

/** The corners of each plane's convex hull, as points in the patient's system. */
function corners(runs: readonly IslandRun[], geometry: VolumeGeometry): Vector[] {
  const { rowDirection, columnDirection, rowSpacingMm, columnSpacingMm, slices } = geometry;
  const byPlane = new Map<number, [column: number, row: number][]>();
  for (const { plane, row, start, end } of runs) {
    const points = byPlane.get(plane) ?? [];
    points.push([start, row]);
    if (end - 1 > start) points.push([end - 1, row]);
    byPlane.set(plane, points);
  }
  return [...byPlane].flatMap(([plane, points]) => {
    const origin = slices[plane]?.positionMm;
    if (origin === undefined) throw new RangeError("an island lies in the volume");
    return convexHull(points).map(([column, row]): Vector => {
      const along = (axis: 0 | 1 | 2): number =>
        origin[axis] +
        rowDirection[axis] * column * columnSpacingMm +
        columnDirection[axis] * row * rowSpacingMm;
      return [along(0), along(1), along(2)];
    });
  });
}

type Point = readonly [number, number];

/** The corners of the convex hull (A. Andrew's monotone chain, 1979). */
function convexHull(points: readonly Point[]): Point[] {
  const sorted = [...points].sort(([ax, ay], [bx, by]) => ax - bx || ay - by);
  const chain = (ordered: readonly Point[]): Point[] => {
    const hull: Point[] = [];
    for (const point of ordered) {
      while (hull.length >= 2 && !turnsLeft(hull.at(-2), hull.at(-1), point)) hull.pop();
      hull.push(point);
    }
    return hull.slice(0, -1);
  };
  return sorted.length < 3 ? sorted : [...chain(sorted), ...chain(sorted.reverse())];
}

function turnsLeft([ax, ay]: Point = [0, 0], [bx, by]: Point = [0, 0], [cx, cy]: Point): boolean {
  return (bx - ax) * (cy - ay) - (by - ay) * (cx - ax) > 0;
}

function farthestFrom(from: Vector, points: readonly Vector[]): [Vector, number] {
  let [farthest, distance] = [from, 0];
  for (const point of points) {
    const candidate = norm(minus(point, from));
    if (candidate > distance) [farthest, distance] = [point, candidate];
  }
  return [farthest, distance];
}

function boxOf(points: readonly Vector[]): [Vector, Vector] {
  const extreme = (pick: (a: number, b: number) => number): Vector =>
    points.reduce(([x, y, z], [px, py, pz]) => [pick(x, px), pick(y, py), pick(z, pz)]);
  return [extreme(Math.min), extreme(Math.max)];
}

function farther(point: Vector, low: Vector, high: Vector, axis: number): number {
  const at = point[axis] ?? 0;
  return Math.max(at - (low[axis] ?? 0), (high[axis] ?? 0) - at);
}
