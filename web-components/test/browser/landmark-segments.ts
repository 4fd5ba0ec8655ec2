import { TAG } from "../../../sidecar/src/dicom/tag.js";
import { derivedUid } from "../../../sidecar/src/dicom/uid.js";
import type { AcquisitionGrid } from "../../../sidecar/src/phantom/acquire.js";
import { createDemoStudy, type DemoFile } from "../../../sidecar/src/phantom/demo-study.js";
import { writeSegmentation } from "../../../sidecar/src/segmentation/write-segmentation.js";
import { pixelCentre } from "../../../sidecar/test/validators/landmark-series.js";
import { dataSetOf } from "../../../sidecar/test/validators/orthanc-tags.js";
import { TEST_ALGORITHM, testSegment } from "../../../sidecar/test/validators/test-algorithm.js";

const MR_IMAGE_STORAGE = "1.2.840.10008.5.1.4.1.1.4";

type Triple = readonly [number, number, number];

/** Which segment a voxel is of, 0 for none. */
export type Landmarks = (column: number, row: number, slice: number) => number;

const COLOURS: Readonly<Record<number, Triple>> = { 1: [240, 90, 60], 2: [90, 150, 240] };

/** A study on a grid and a SEG of two landmarks, as another system would store it. */
export function landmarkStudy(
  seed: number,
  grid: AcquisitionGrid,
  landmarks: Landmarks,
): { readonly files: readonly DemoFile[]; readonly segmentation: Uint8Array; readonly study: string } {
  const { rows, columns, rowDirection, columnDirection, rowSpacingMm, columnSpacingMm, sliceSpacingMm } =
    grid;
  const files = createDemoStudy({ seed, grid, rows, columns, lesion: "none" });
  const [first] = files;
  if (first === undefined) throw new RangeError("a series has slices");
  const planes = files.map(({ sopInstanceUid }, slice) => ({
    sopInstanceUid,
    sopClassUid: MR_IMAGE_STORAGE,
    positionMm: pixelCentre(grid, slice, 0, 0),
    labels: Uint8Array.from({ length: rows * columns }, (_, at) =>
      landmarks(at % columns, Math.floor(at / columns), slice),
    ),
  }));
  const { bytes } = writeSegmentation({
    seriesInstanceUid: derivedUid("landmarks", String(seed), "series"),
    sopInstanceUid: derivedUid("landmarks", String(seed), "instance"),
    sourceSeriesInstanceUid: first.seriesInstanceUid,
    image: dataSetOf(first.bytes),
    algorithm: TEST_ALGORITHM,
    createdAt: new Date("2025-03-02T03:04:05Z"),
    segments: [1, 2].map((number) => ({
      ...testSegment(number, `Landmark ${number}`),
      colorRgb: COLOURS[number] ?? [0, 0, 0],
    })),
    labelMap: {
      rows,
      columns,
      rowDirection,
      columnDirection,
      rowSpacingMm,
      columnSpacingMm,
      sliceSpacingMm,
      sliceThicknessMm: undefined,
      frameOfReferenceUid: dataSetOf(first.bytes).text(TAG.FrameOfReferenceUID) ?? "",
      planes: planes.filter(({ labels }) => labels.some((label) => label > 0)),
    },
  });
  return { files, segmentation: bytes, study: first.studyInstanceUid };
}

/** The segment of the voxel that a point of the patient lies in; 0 for none, and outside. */
export function labelAt(grid: AcquisitionGrid, landmarks: Landmarks, point: Triple): number {
  const from = point.map((value, axis) => value - (grid.originMm[axis] ?? 0));
  const along = (direction: readonly number[], spacing: number) =>
    Math.round(from.reduce((sum, value, axis) => sum + value * (direction[axis] ?? 0), 0) / spacing);
  const column = along(grid.rowDirection, grid.columnSpacingMm);
  const row = along(grid.columnDirection, grid.rowSpacingMm);
  const slice = along(grid.sliceDirection, grid.sliceSpacingMm);
  const isInside =
    [column, row, slice].every((at) => at >= 0) &&
    column < grid.columns &&
    row < grid.rows &&
    slice < grid.slices;
  return isInside ? landmarks(column, row, slice) : 0;
}
