import type { Annotation } from "./annotation.js";
import { PLANES, type PlaneView } from "./reslice.js";

/** A reformatted plane that something is measured on. */
export interface MeasuredPlane {
  readonly seriesInstanceUid: string;
  readonly view: PlaneView;
  /** Where it stands along the direction one looks, millimetres of the patient. */
  readonly depthMm: number;
  /** Of the square pixels that places on it are given in. */
  readonly millimetresPerPixel: number;
}

/** Planes no further apart are one: who comes back to a plane comes by a sum of steps. */
const SAME_MM = 0.01;
const PREFIX = "plane";
const SEPARATOR = "|";

/** What measurements of a plane have in the place of an image's id: that of those on it, else a new one. */
export function planeId(plane: MeasuredPlane, annotations: readonly Annotation[]): string {
  const known = annotations.find(({ imageId }) => {
    const other = planeOf(imageId);
    return (
      other?.seriesInstanceUid === plane.seriesInstanceUid &&
      other.view === plane.view &&
      Math.abs(other.depthMm - plane.depthMm) <= SAME_MM
    );
  });
  if (known !== undefined) return known.imageId;
  const { seriesInstanceUid, view, depthMm, millimetresPerPixel } = plane;
  return [PREFIX, seriesInstanceUid, view.name, depthMm, millimetresPerPixel].join(SEPARATOR);
}

/** The plane of an id; undefined of an image's. */
export function planeOf(id: string): MeasuredPlane | undefined {
  const [prefix, seriesInstanceUid, name, depth, pixel] = id.split(SEPARATOR);
  const view = PLANES.find((one) => one.name === name);
  if (prefix !== PREFIX || seriesInstanceUid === undefined || view === undefined) return undefined;
  return { seriesInstanceUid, view, depthMm: Number(depth), millimetresPerPixel: Number(pixel) };
}
