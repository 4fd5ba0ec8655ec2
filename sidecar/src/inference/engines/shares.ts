import type { PlaneBatch } from "../engine.js";

/**
 * The planes of a batch in equal shares, in their order: one for each of the workers that can take one, more when a
 * share would have too many planes.
 */
export function sharesOf(
  { planes, ...matrix }: PlaneBatch,
  workers: number,
  mostPlanes: number,
): PlaneBatch[] {
  if (planes.length === 0) return [];
  const count = Math.max(Math.ceil(planes.length / mostPlanes), Math.min(workers, planes.length));
  const each = Math.ceil(planes.length / count);
  const shares: PlaneBatch[] = [];
  for (let start = 0; start < planes.length; start += each)
    shares.push({ ...matrix, planes: planes.slice(start, start + each) });
  return shares;
}
