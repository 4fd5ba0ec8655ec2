import type { Point } from "./screen-map.js";

/** What can be measured, with the points it takes. */
export const POINTS = { length: 2, angle: 3, rectangle: 2, ellipse: 2, probe: 1 } as const;
export type MeasuringTool = keyof typeof POINTS;

/** A measurement drawn on one image; it belongs to that image alone. */
export interface Annotation {
  readonly id: number;
  readonly imageId: string;
  readonly tool: MeasuringTool;
  /** Two ends; end, vertex, end; two opposite corners; one point. Fewer while it is being drawn. */
  readonly points: readonly Point[];
}

export function isWhole({ tool, points }: Annotation): boolean {
  return points.length === POINTS[tool];
}

/** Sides of the polygon an ellipse is drawn as. */
const ELLIPSE_SIDES = 72;

/** The line to draw, in points of the image; a closed one ends where it begins. */
export function outline({ tool, points }: Annotation): readonly Point[] {
  const [a, b] = points;
  if (a === undefined || b === undefined || (tool !== "rectangle" && tool !== "ellipse")) return points;
  if (tool === "rectangle") return [a, [b[0], a[1]], b, [a[0], b[1]], a];
  const { centre, radii } = ellipseIn(a, b);
  return Array.from({ length: ELLIPSE_SIDES + 1 }, (_, side): Point => {
    const angle = (2 * Math.PI * side) / ELLIPSE_SIDES;
    return [centre[0] + radii[0] * Math.cos(angle), centre[1] + radii[1] * Math.sin(angle)];
  });
}

/** The ellipse that fills the rectangle between two corners. */
export function ellipseIn(a: Point, b: Point): { readonly centre: Point; readonly radii: Point } {
  return {
    centre: [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2],
    radii: [Math.abs(a[0] - b[0]) / 2, Math.abs(a[1] - b[1]) / 2],
  };
}
