import { axialView, fromView, toView, type AxialView } from "./axial-view.js";
import type { ModelManifest, NetworkOutput } from "./model-manifest.js";
import { normalise, type Normalisation } from "./normalise.js";
import { coveringGrid, resampler, type Axis, type PlaneGrid } from "./resample.js";
import type { VolumeGeometry } from "./volume.js";

type Preprocessing = ModelManifest["preprocessing"];

/** Beyond the image of a CT there is air. */
const AIR_HU = -1000;

/** The way of a slice to the network and of its answer back. */
export interface ModelView {
  /** What the network is given. */
  readonly rows: number;
  readonly columns: number;
  /** Modality values of a slice as the network takes them. */
  readonly prepare: (plane: Float32Array) => Float32Array;
  /** Brings one channel of an output, rows × columns of its own grid, back to the source's grid. */
  readonly back: (output: NetworkOutput, values: Float32Array) => Float32Array;
}

/** @throws TypeError when the volume does not suit the model (suits.ts) */
export function modelView(
  preprocessing: Preprocessing,
  geometry: VolumeGeometry,
  normalisation: Normalisation,
): ModelView {
  const view = axialView(geometry);
  if (view === undefined) throw new TypeError("the volume does not suit the model");
  const source = gridInView(geometry, view);
  const target = targetGrid(source, preprocessing);
  const { rows, columns } = geometry;
  const toTarget = resampler(source, target, preprocessing.units === "HU" ? AIR_HU : 0);
  const toSource = new Map<number, ReturnType<typeof resampler>>();
  const clip =
    preprocessing.normalisation.kind === "window"
      ? preprocessing.normalisation.range
      : preprocessing.normalisation.clip;
  return {
    rows: target.rows.length,
    columns: target.columns.length,
    prepare(plane) {
      const values = toTarget(toView(plane, rows, columns, view));
      normalise(values, normalisation, clip);
      return values;
    },
    back(output, values) {
      const stride = output.kind === "map" ? output.stride : 1;
      const resample = toSource.get(stride) ?? resampler(coarser(target, stride), source);
      toSource.set(stride, resample);
      return fromView(resample(values), rows, columns, view);
    },
  };
}

function gridInView(
  { rows, columns, rowSpacingMm, columnSpacingMm }: VolumeGeometry,
  view: AxialView,
): PlaneGrid {
  const down = { length: rows, spacingMm: rowSpacingMm };
  const across = { length: columns, spacingMm: columnSpacingMm };
  return view.transpose ? { rows: across, columns: down } : { rows: down, columns: across };
}

function targetGrid(source: PlaneGrid, { pixelSpacingMm, sizeMultiple, matrix }: Preprocessing): PlaneGrid {
  if (matrix === undefined) return coveringGrid(source, pixelSpacingMm, sizeMultiple);
  const axis = (length: number): Axis => ({ length, spacingMm: pixelSpacingMm });
  return { rows: axis(matrix.rows), columns: axis(matrix.columns) };
}

/** A map's cells cover `stride` pixels each, over the same field of view. */
function coarser({ rows, columns }: PlaneGrid, stride: number): PlaneGrid {
  const axis = ({ length, spacingMm }: Axis): Axis => ({
    length: length / stride,
    spacingMm: spacingMm * stride,
  });
  return { rows: axis(rows), columns: axis(columns) };
}
