import { randomUUID } from "node:crypto";
import { findInSeries } from "../archive/find-in-series.js";
import { derivedUid } from "../dicom/uid.js";
import type { Idempotency } from "../emr/idempotency-key.js";
import { ApiError } from "../error-response.js";
import { personName } from "../review/verify-report.js";
import type { StudyRecord } from "../state/records.js";
import type { Reviewer } from "../state/review-records.js";
import {
  seriesByInstance,
  seriesOfSelector,
  viewOf,
  type KeyImageDependencies,
  type KeyImages,
} from "./key-images.js";
import { WHOLE_VALUES, readKeyObjectSelection, type ReadSelection } from "./read-document.js";
import { selectedImages } from "./selected-images.js";
import type { SelectionBody } from "./selection-body.js";
import { KEY_IMAGE_TITLES } from "./titles.js";
import { writeKeyObjectSelection, type SelectedObject } from "./write-document.js";

/** High, so that it sorts behind the images. */
const SERIES_NUMBER = 9010;

/**
 * Stores a person's selection as a Key Object Selection Document. With an Idempotency-Key its UID comes from the key:
 * sent again it is the document that is there.
 * @returns the selection as the archive has it, and whether it was there before
 * @throws ApiError 422 `image-not-selectable`, `idempotency-key-reused`; ArchiveError
 */
export async function storeKeyImages(
  study: StudyRecord,
  { title, description, images }: SelectionBody,
  selector: Reviewer,
  idempotency: Idempotency | null,
  { read, archive }: Pick<KeyImageDependencies, "read" | "archive">,
): Promise<{ readonly selection: KeyImages; readonly repeated: boolean }> {
  const series = await read.seriesOfStudy(study.orthancId);
  const { objects, image } = await selectedImages(images, series, archive);
  const own = seriesOfSelector(study, selector.subject);
  const sopInstanceUid = derivedUid("key image selection", own, idempotency?.keyHash ?? randomUUID());
  const before = idempotency === null ? undefined : await findInSeries(own, sopInstanceUid, archive);
  const orthancId =
    before ??
    (await archive.storeInstance(
      writeKeyObjectSelection(
        {
          sopInstanceUid,
          instanceNumber: (await archive.instancesOfSeries(own)).length + 1,
          series: {
            seriesInstanceUid: own,
            number: SERIES_NUMBER,
            description: "Key images",
            ofOneDocument: false,
          },
          title: KEY_IMAGE_TITLES[title],
          observer: { personName: personName(selector), organisation: selector.organisation },
          description: description ?? null,
          createdAt: new Date(),
          objects,
        },
        image,
      ).bytes,
    ));
  // Of two at once with one key the archive keeps the first: what it has is the answer.
  const stored = readKeyObjectSelection(await archive.dataSet(orthancId, WHOLE_VALUES));
  if (stored === undefined) throw new TypeError("the archive holds another object under this UID");
  if (!isSame(stored, title, description ?? "", objects))
    throw new ApiError(422, "idempotency-key-reused", "This Idempotency-Key was used with another body.");
  return { selection: viewOf(stored, seriesByInstance(series), own), repeated: before !== undefined };
}

function isSame(
  stored: ReadSelection,
  title: string,
  description: string,
  objects: readonly SelectedObject[],
): boolean {
  const frames = (sopInstanceUid: string, frameNumber: number | undefined) =>
    `${sopInstanceUid} ${frameNumber ?? ""}`;
  const there = stored.instances.flatMap(({ sopInstanceUid, frameNumbers }) =>
    frameNumbers.length === 0
      ? [frames(sopInstanceUid, undefined)]
      : frameNumbers.map((frame) => frames(sopInstanceUid, frame)),
  );
  const asked = objects.map(({ sopInstanceUid, frameNumber }) => frames(sopInstanceUid, frameNumber));
  return (
    stored.title.value === title &&
    stored.description === description &&
    there.sort().join() === asked.sort().join()
  );
}
