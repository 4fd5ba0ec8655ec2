import { TAG } from "../dicom/tag.js";
import { derivedUid } from "../dicom/uid.js";
import { greyLevels } from "../rendering/grey-levels.js";
import type { Algorithm, WrittenInstance } from "../segmentation/result-context.js";
import { keySlice } from "../summary-image/key-slice.js";
import { summaryLines, type SummaryFigures } from "../summary-image/summary-lines.js";
import { writeSummaryImage } from "../summary-image/write-summary-image.js";
import type { ReadPlane } from "./plane-source.js";
import type { ModelAnswer } from "./run-model.js";
import type { Vector } from "./vector.js";
import type { VolumeGeometry, VolumeSlice } from "./volume.js";

export interface SummarySource {
  readonly geometry: VolumeGeometry;
  readonly readPlane: ReadPlane;
  readonly answer: Pick<ModelAnswer, "labels" | "attention">;
  readonly figures: SummaryFigures;
  readonly algorithm: Algorithm;
  readonly createdAt: Date;
  readonly seriesInstanceUid: WrittenInstance["seriesInstanceUid"];
  /** Of the report: the picture is of the same input. */
  readonly reportSopInstanceUid: string;
}

/** The picture of a result: the slice with the most of what was found, outlined, and the figures as text. */
export async function summarise(source: SummarySource): Promise<WrittenInstance> {
  const { geometry, answer, figures, algorithm } = source;
  const index = keySlice(geometry.slices.length, answer.labels, answer.attention);
  const slice = geometry.slices[index];
  if (slice === undefined) throw new RangeError("a volume has slices");
  const { rows, columns, rowSpacingMm, columnSpacingMm } = geometry;
  const values = await source.readPlane(index);
  const position = slice.positionMm.map((value) => value.toFixed(1)).join(" / ");
  // It comes with an image library, which only the first result of a process has to wait for.
  const { drawSummary } = await import("../summary-image/draw-summary.js");
  const drawn = await drawSummary({
    ...{ rows, columns, rowSpacingMm, columnSpacingMm },
    levels: greyLevels(values, { slope: 1, intercept: 0, window: windowOf(slice), inverted: false }),
    labels: answer.labels[index] ?? new Uint8Array(rows * columns),
    colours: new Map(figures.segments.map(({ number, colorRgb }) => [number, colorRgb])),
    edges: {
      left: side(geometry.rowDirection, -1),
      top: side(geometry.columnDirection, -1),
    },
    notices: ["AI, not reviewed by a clinician", algorithm.notice],
    lines: [
      algorithm.title,
      `${algorithm.name} ${algorithm.version}`,
      "",
      ...summaryLines(figures),
      "",
      `Slice ${index + 1} of ${geometry.slices.length}, at ${position} mm`,
    ],
  });
  return writeSummaryImage({
    seriesInstanceUid: source.seriesInstanceUid,
    sopInstanceUid: derivedUid("summary image", source.reportSopInstanceUid),
    image: slice.dataSet,
    source: slice,
    algorithm,
    drawn,
    createdAt: source.createdAt,
  });
}

/** The image's own window, where its values were not turned around; without one the whole range is shown. */
function windowOf({ dataSet, format }: VolumeSlice) {
  const center = dataSet.number(TAG.WindowCenter);
  const width = dataSet.number(TAG.WindowWidth);
  if (
    format.photometricInterpretation === "MONOCHROME1" ||
    center === undefined ||
    !(width !== undefined && width > 0)
  )
    return undefined;
  return { center, width, shape: "linear" } as const;
}

/** The side of the patient that a direction points to, or with -1 away from (PS3.3 C.7.6.1.1.1). */
function side(direction: Vector, sign: 1 | -1): string {
  const axis = [0, 1, 2].reduce((best, next) =>
    Math.abs(direction[next as 0]) > Math.abs(direction[best as 0]) ? next : best,
  );
  const letters = [
    ["L", "R"],
    ["P", "A"],
    ["H", "F"],
  ][axis] ?? ["", ""];
  return (direction[axis as 0] * sign > 0 ? letters[0] : letters[1]) ?? "";
}
