import { AnalysisError } from "../analysis-error.js";
import type { PlaneBatch } from "../engine.js";
import type { Model } from "../model-registry.js";
import { valuesWithin } from "../values-within.js";

/**
 * Every engine takes the same input and refuses the same: checked before any of them sees it, so that a plane which is
 * none fails alike in a thread, on a server or on a graphics card.
 * @throws AnalysisError `model-input-invalid`
 */
export function assertTakes({ manifest }: Model, { rows, columns, planes }: PlaneBatch): void {
  const refuse = (reason: string): never => {
    throw new AnalysisError("model-input-invalid", reason);
  };
  const { sizeMultiple, matrix } = manifest.preprocessing;
  if (matrix !== undefined && (rows !== matrix.rows || columns !== matrix.columns))
    refuse(`${rows} × ${columns} pixels instead of ${matrix.rows} × ${matrix.columns}`);
  const whole = [rows, columns].every(
    (side) => Number.isInteger(side) && side > 0 && side % sizeMultiple === 0,
  );
  if (!whole) refuse(`${rows} × ${columns} pixels are not multiples of ${sizeMultiple}`);
  const { range } = manifest.network.input;
  for (const plane of planes) {
    if (plane.length !== rows * columns)
      refuse(`a plane has ${plane.length} values instead of ${rows} × ${columns}`);
    if (!valuesWithin(plane, range)) refuse(`a plane has values outside of ${range.join(" to ")}`);
  }
}

/** Shape of the tensor a network takes, as it lays it out. */
export function inputShape({ manifest }: Model, planes: number, rows: number, columns: number): number[] {
  return manifest.network.input.layout === "NHWC" ? [planes, rows, columns, 1] : [planes, 1, rows, columns];
}

/** The planes behind each other: of one channel, that is every layout's order. */
export function inputValues({ planes, rows, columns }: PlaneBatch): Float32Array {
  const [only] = planes;
  if (planes.length === 1 && only !== undefined) return only;
  const values = new Float32Array(planes.length * rows * columns);
  planes.forEach((plane, index) => values.set(plane, index * rows * columns));
  return values;
}
