import { ellipseIn, isWhole, type Annotation } from "./annotation.js";
import type { PixelSpacing } from "./pixel-spacing.js";
import type { PixelValues } from "./pixel-values.js";
import type { Point } from "./screen-map.js";

/** Of the pixels whose middle lies in a region. */
export interface RegionStatistics {
  readonly mean: number;
  /** Of these very pixels: divided by their number. */
  readonly standardDeviation: number;
  readonly minimum: number;
  readonly maximum: number;
  readonly pixels: number;
}

export type Measurement =
  | {
      readonly kind: "length";
      readonly value: number;
      readonly unit: "mm" | "px";
      readonly atDetector: boolean;
    }
  | { readonly kind: "angle"; readonly degrees: number }
  | {
      readonly kind: "region";
      readonly area: number;
      readonly unit: "mm²" | "px²";
      readonly atDetector: boolean;
      /** None of colour, nor where no pixel's middle lies inside. */
      readonly statistics: RegionStatistics | undefined;
      readonly valueUnit: string;
    }
  | {
      readonly kind: "probe";
      /** From 1. */
      readonly column: number;
      readonly row: number;
      readonly value: number | undefined;
      readonly valueUnit: string;
    };

export interface MeasuredImage {
  readonly spacing: PixelSpacing | undefined;
  readonly valueUnit: string;
  readonly values: PixelValues;
}

/** Measures what was drawn: in millimetres where the image says how large a pixel is, else in pixels. */
export function measure(annotation: Annotation, image: MeasuredImage): Measurement | undefined {
  const [a, b, c] = annotation.points;
  if (a === undefined || !isWhole(annotation)) return undefined;
  const { spacing, values, valueUnit } = image;
  const { columnMm = 1, rowMm = 1, atDetector = false } = spacing ?? {};
  const scaled = (from: Point, to: Point): Point => [(to[0] - from[0]) * columnMm, (to[1] - from[1]) * rowMm];
  if (annotation.tool === "probe") {
    const [column, row] = [Math.floor(a[0]), Math.floor(a[1])];
    if (column < 0 || row < 0 || column >= values.columns || row >= values.rows) return undefined;
    return {
      kind: "probe",
      column: column + 1,
      row: row + 1,
      value: values.valueAt?.(column, row),
      valueUnit,
    };
  }
  if (b === undefined) return undefined;
  if (annotation.tool === "length") {
    const value = Math.hypot(...scaled(a, b));
    return { kind: "length", value, unit: spacing === undefined ? "px" : "mm", atDetector };
  }
  if (annotation.tool === "angle")
    return c && { kind: "angle", degrees: degreesBetween(scaled(b, a), scaled(b, c)) };
  const [width, height] = scaled(a, b).map(Math.abs) as [number, number];
  return {
    kind: "region",
    area: width * height * (annotation.tool === "ellipse" ? Math.PI / 4 : 1),
    unit: spacing === undefined ? "px²" : "mm²",
    atDetector,
    statistics: statisticsIn(a, b, annotation.tool, values),
    valueUnit,
  };
}

/** 0 to 180. */
function degreesBetween(one: Point, other: Point): number {
  const cross = one[0] * other[1] - one[1] * other[0];
  const dot = one[0] * other[0] + one[1] * other[1];
  return (Math.abs(Math.atan2(cross, dot)) * 180) / Math.PI;
}

function statisticsIn(
  a: Point,
  b: Point,
  shape: "rectangle" | "ellipse",
  { rows, columns, valueAt }: PixelValues,
): RegionStatistics | undefined {
  if (valueAt === undefined) return undefined;
  const { centre, radii } = ellipseIn(a, b);
  const inside = (column: number, row: number) => {
    const [x, y] = [(column + 0.5 - centre[0]) / radii[0], (row + 0.5 - centre[1]) / radii[1]];
    return shape === "ellipse" ? x * x + y * y <= 1 : Math.abs(x) <= 1 && Math.abs(y) <= 1;
  };
  const found: number[] = [];
  const last = (end: number, size: number) => Math.min(size - 1, Math.floor(end));
  for (
    let row = Math.max(0, Math.floor(Math.min(a[1], b[1])));
    row <= last(Math.max(a[1], b[1]), rows);
    row++
  )
    for (
      let column = Math.max(0, Math.floor(Math.min(a[0], b[0])));
      column <= last(Math.max(a[0], b[0]), columns);
      column++
    )
      if (inside(column, row)) found.push(valueAt(column, row));
  if (found.length === 0) return undefined;
  const mean = found.reduce((sum, value) => sum + value, 0) / found.length;
  const variance = found.reduce((sum, value) => sum + (value - mean) ** 2, 0) / found.length;
  return {
    mean,
    standardDeviation: Math.sqrt(variance),
    minimum: found.reduce((least, value) => Math.min(least, value)),
    maximum: found.reduce((most, value) => Math.max(most, value)),
    pixels: found.length,
  };
}
