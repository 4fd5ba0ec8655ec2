import { textOf } from "./dicom-json.js";
import type { SeriesImage } from "./series-images.js";
import { cross, dot } from "./vector.js";

/** Cosine above which two planes count as parallel: 10 degrees. */
const PARALLEL = 0.985;
const FRAME_OF_REFERENCE_UID = "00200052";

/**
 * The image of another series that belongs to an image of this one: the one nearest to its place in the patient when
 * both series share a Frame of Reference (PS3.3 C.7.4.1), else the one as far through its series.
 *
 * @param index from 0, in `images`
 * @returns undefined when the planes of one Frame of Reference are not parallel: none of them belongs to it
 */
export function linkedIndex(
  images: readonly SeriesImage[],
  index: number,
  others: readonly SeriesImage[],
): number | undefined {
  const image = images[index];
  if (image === undefined || others.length === 0) return undefined;
  if (!shareFrameOfReference(image, others)) {
    const part = images.length < 2 ? 0 : index / (images.length - 1);
    return Math.round(part * (others.length - 1));
  }
  const normal = normalOf(image);
  const position = image.position;
  if (normal === undefined || position === undefined) return undefined;
  const place = dot(position, normal);
  let nearest: { readonly index: number; readonly distance: number } | undefined;
  for (const [at, other] of others.entries()) {
    const along = normalOf(other);
    if (along === undefined || other.position === undefined || Math.abs(dot(along, normal)) < PARALLEL)
      return undefined;
    const distance = Math.abs(dot(other.position, normal) - place);
    if (nearest === undefined || distance < nearest.distance) nearest = { index: at, distance };
  }
  return nearest?.index;
}

function shareFrameOfReference(image: SeriesImage, others: readonly SeriesImage[]): boolean {
  const uid = textOf(image.metadata, FRAME_OF_REFERENCE_UID);
  return (
    uid !== undefined &&
    image.position !== undefined &&
    others.every(
      ({ metadata, position }) => position !== undefined && textOf(metadata, FRAME_OF_REFERENCE_UID) === uid,
    )
  );
}

function normalOf({ rowDirection, columnDirection }: SeriesImage) {
  return rowDirection && columnDirection && cross(rowDirection, columnDirection);
}
