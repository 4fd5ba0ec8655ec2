import { fetchJson } from "../session/http.js";
import { serverUrl } from "../session/server.js";
import type { TokenProvider } from "../session/token-provider.js";
import { itemsOf, numbersOf, textOf, type DicomJson } from "./dicom-json.js";
import { pixelSpacing, type PixelSpacing } from "./pixel-spacing.js";
import { valueUnit } from "./pixel-values.js";
import { ultrasoundRegions, type UltrasoundRegion } from "./ultrasound-regions.js";
import { cross, dot, vectorOf, type Vector } from "./vector.js";

/** A frame of a series, with what the viewer says of it. */
export interface SeriesImage {
  readonly imageId: string;
  readonly sopInstanceUid: string;
  readonly sopClassUid: string;
  /** From 1. */
  readonly frameNumber: number;
  readonly metadata: DicomJson;
  readonly rows: number;
  readonly columns: number;
  readonly spacing: PixelSpacing | undefined;
  /** Whose scales take the place of the spacing where something is measured; undefined of an image without regions. */
  readonly ultrasoundRegions?: readonly UltrasoundRegion[] | undefined;
  /** Of the values after the rescale; empty when it is not known. */
  readonly valueUnit: string;
  readonly position: Vector | undefined;
  readonly rowDirection: Vector | undefined;
  readonly columnDirection: Vector | undefined;
}

/** The images of a series in the order of their positions along the normal, or by instance number without them. */
export async function loadSeriesImages(
  study: string,
  series: string,
  token: TokenProvider,
): Promise<SeriesImage[]> {
  const base = serverUrl(`/dicom-web/studies/${study}/series/${series}`);
  const metadata = await fetchJson<DicomJson[]>(`${base}/metadata`, token, {
    headers: { Accept: "application/dicom+json" },
  });
  return sortImages(metadata.flatMap((attributes) => imagesOf(attributes, base)));
}

/** The frames of an image; of an Enhanced one each where its functional groups say (PS3.3 C.7.6.16). */
export function imagesOf(metadata: DicomJson, base: string): SeriesImage[] {
  const [rows] = numbersOf(metadata, "00280010") ?? [];
  const [columns] = numbersOf(metadata, "00280011") ?? [];
  const sopInstanceUid = textOf(metadata, "00080018");
  if (rows === undefined || columns === undefined || sopInstanceUid === undefined) return [];
  const image = {
    sopInstanceUid,
    sopClassUid: textOf(metadata, "00080016") ?? "",
    metadata,
    rows,
    columns,
    ultrasoundRegions: ultrasoundRegions(metadata),
  };
  const [numberOfFrames = 1] = numbersOf(metadata, "00280008") ?? [];
  const [shared] = itemsOf(metadata, "52009229");
  const perFrame = itemsOf(metadata, "52009230");
  return Array.from({ length: numberOfFrames }, (_, index) => ({
    ...image,
    ...describe(metadata, (group) => {
      const own = perFrame[index] && itemsOf(perFrame[index], group)[0];
      return own ?? (shared && itemsOf(shared, group)[0]) ?? metadata;
    }),
    frameNumber: index + 1,
    imageId: `wadors:${base}/instances/${sopInstanceUid}/frames/${index + 1}`,
  }));
}

/** @param holder what has the attributes of a functional group: the group, or the image itself */
function describe(metadata: DicomJson, holder: (group: string) => DicomJson) {
  const orientation = numbersOf(holder("00209116"), "00200037");
  return {
    spacing: pixelSpacing(metadata, holder("00289110")),
    valueUnit: valueUnit(metadata, holder("00289145")),
    position: vectorOf(numbersOf(holder("00209113"), "00200032")),
    rowDirection: vectorOf(orientation?.slice(0, 3)),
    columnDirection: vectorOf(orientation?.slice(3, 6)),
  };
}

/** Sorted along the normal of the first image when all have a position, else by instance number. */
export function sortImages(images: readonly SeriesImage[]): SeriesImage[] {
  const [first] = images;
  const along =
    first?.rowDirection && first.columnDirection
      ? cross(first.rowDirection, first.columnDirection)
      : undefined;
  const number = (image: SeriesImage) => Number(textOf(image.metadata, "00200013") ?? 0);
  const positioned = along !== undefined && images.every(({ position }) => position !== undefined);
  return [...images].sort((a, b) => {
    const distance =
      positioned && a.position && b.position ? dot(a.position, along) - dot(b.position, along) : 0;
    return distance || number(a) - number(b) || a.frameNumber - b.frameNumber;
  });
}
