import type { Archive } from "../archive/archive.js";
import type { DataSet } from "../dicom/data-set.js";
import { TAG } from "../dicom/tag.js";
import { ApiError } from "../error-response.js";
import type { SeriesDetails } from "../state/state.js";
import type { SelectionBody } from "./selection-body.js";
import type { SelectedObject } from "./write-document.js";

/**
 * The images that somebody names, each once, in their order.
 * @param series of the study
 * @returns them with the attributes of the first one
 * @throws ApiError 422 `image-not-selectable` for one that the study does not have, that has no such frame, or is no
 * image; ArchiveError
 */
export async function selectedImages(
  wanted: SelectionBody["images"],
  series: readonly SeriesDetails[],
  archive: Pick<Archive, "dataSet">,
): Promise<{ readonly objects: readonly SelectedObject[]; readonly image: DataSet }> {
  const objects = new Map<string, SelectedObject>();
  const checked = new Map<string, DataSet>();
  for (const { sopInstanceUid, frameNumber } of wanted) {
    const found = findInstance(sopInstanceUid, series);
    if (found === undefined) throw notSelectable("an image is not of this study");
    const { orthancId, sopClassUid, numberOfFrames, seriesInstanceUid } = found;
    if (frameNumber !== undefined && frameNumber > numberOfFrames)
      throw notSelectable("an image has no such frame");
    const dataSet = checked.get(sopInstanceUid) ?? (await archive.dataSet(orthancId));
    checked.set(sopInstanceUid, dataSet);
    if (!dataSet.has(TAG.Rows)) throw notSelectable("an object is no image");
    // An image of one frame is referred to without it (PS3.3 table 10-3).
    const frame = numberOfFrames === 1 ? undefined : frameNumber;
    objects.set(`${sopInstanceUid} ${frame ?? "all"}`, {
      ...{ sopClassUid, sopInstanceUid, seriesInstanceUid, frameNumber: frame },
      valueType: "IMAGE",
    });
  }
  const [image] = checked.values();
  if (image === undefined) throw new RangeError("a selection has images");
  // Who names all frames of an image and one of them names all.
  const isWhole = (uid: string) => objects.has(`${uid} all`);
  const kept = [...objects.values()].filter(
    ({ sopInstanceUid, frameNumber }) => frameNumber === undefined || !isWhole(sopInstanceUid),
  );
  return { objects: kept, image };
}

/** An instance of the study with its series. */
function findInstance(sopInstanceUid: string, series: readonly SeriesDetails[]) {
  for (const { seriesInstanceUid, instances } of series) {
    const instance = instances.find((one) => one.sopInstanceUid === sopInstanceUid);
    if (instance !== undefined) return { ...instance, seriesInstanceUid };
  }
  return undefined;
}

function notSelectable(detail: string): ApiError {
  return new ApiError(422, "image-not-selectable", `${detail[0]?.toUpperCase() ?? ""}${detail.slice(1)}.`);
}
