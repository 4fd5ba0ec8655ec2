import { IntensitySample, normalise } from "../../src/inference/normalise.js";
import type { PlaneBatch } from "../../src/inference/engine.js";
import { acquire, axialGrid } from "../../src/phantom/acquire.js";
import { createHead } from "../../src/phantom/head.js";

/** Slices of a phantom with a lesion, as the demo network takes them. */
export function phantomPlanes(count: number, side = 128): PlaneBatch {
  const head = createHead({ seed: 9_000_700, lesion: { centreMm: [-30, 20, 20], radiusMm: 14 } });
  const planes = acquire(head, axialGrid(count, side, side), { seed: 1 }).map(({ samples }) =>
    Float32Array.from(samples),
  );
  const sample = new IntensitySample(count * side * side);
  for (const plane of planes) sample.add(plane);
  const normalisation = sample.foregroundMedian();
  if (normalisation === undefined) throw new Error("a phantom without contrast");
  for (const plane of planes) normalise(plane, normalisation, [0, 3]);
  return { rows: side, columns: side, planes };
}
