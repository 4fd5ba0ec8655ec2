import type { Archive } from "../archive/archive.js";
import { findInSeries } from "../archive/find-in-series.js";
import { derivedUid, type OrthancId, type Uid } from "../dicom/uid.js";
import type { StudyRecord } from "../state/records.js";
import type { SeriesDetails, StateReads } from "../state/state.js";
import { WHOLE_VALUES, readKeyObjectSelection, type ReadSelection } from "./read-document.js";
import { namesKeyImages } from "./titles.js";

export interface KeyImageDependencies {
  readonly read: Pick<StateReads, "seriesOfStudy" | "studiesByUid">;
  readonly archive: Pick<
    Archive,
    | "dataSet"
    | "findInstances"
    | "indexedInstances"
    | "instancesOfSeries"
    | "storeInstance"
    | "deleteInstance"
  >;
  /** The archive does not have an instance any more. */
  readonly forget: (orthancId: OrthancId) => Promise<void>;
}

/** Documents beyond these are not read. */
const MOST_DOCUMENTS = 200;

/** A selection as people read it. */
export interface KeyImages extends Omit<ReadSelection, "instances" | "seriesInstanceUid"> {
  /** Whether who asks made it. */
  readonly mine: boolean;
  /** Those that the study has. */
  readonly images: readonly {
    readonly seriesInstanceUid: string;
    readonly sopInstanceUid: string;
    /** From 1; all when empty. */
    readonly frameNumbers: readonly number[];
  }[];
  /** How many others it names. */
  readonly elsewhere: number;
}

/** The series that the selections of one person in one study are in: whoever else makes one has another. */
export function seriesOfSelector({ orthancId }: Pick<StudyRecord, "orthancId">, subject: string): Uid {
  return derivedUid("key images", orthancId, subject);
}

/** The selections of key images in a study, by whomever, the newest first; `complete` when they are all there are. */
export async function listKeyImages(
  study: StudyRecord,
  subject: string,
  { read, archive }: Pick<KeyImageDependencies, "read" | "archive">,
): Promise<{ readonly selections: readonly KeyImages[]; readonly complete: boolean }> {
  const { studyInstanceUid } = study;
  const documents: OrthancId[] = [];
  for await (const instances of archive.findInstances({ studyInstanceUid, modality: "KO" }))
    documents.push(...instances);
  const series = seriesByInstance(documents.length === 0 ? [] : await read.seriesOfStudy(study.orthancId));
  const own = seriesOfSelector(study, subject);
  const selections: KeyImages[] = [];
  for (const orthancId of documents.slice(0, MOST_DOCUMENTS)) {
    const selection = readKeyObjectSelection(await archive.dataSet(orthancId, WHOLE_VALUES));
    if (selection !== undefined && namesKeyImages(selection.title))
      selections.push(viewOf(selection, series, own));
  }
  const when = ({ date, time }: KeyImages) => `${date}${time}`;
  selections.sort((one, other) => when(other).localeCompare(when(one)));
  return { selections, complete: documents.length <= MOST_DOCUMENTS };
}

/** Series Instance UID of each instance of a study, by its SOP Instance UID. */
export function seriesByInstance(series: readonly SeriesDetails[]): ReadonlyMap<string, string> {
  return new Map(
    series.flatMap(({ seriesInstanceUid, instances }) =>
      instances.map(({ sopInstanceUid }) => [sopInstanceUid, seriesInstanceUid] as const),
    ),
  );
}

/** @param series of the study, by instance */
export function viewOf(
  { instances, seriesInstanceUid, ...selection }: ReadSelection,
  series: ReadonlyMap<string, string>,
  own: Uid,
): KeyImages {
  const images = instances.flatMap(({ sopInstanceUid, frameNumbers }) => {
    const found = series.get(sopInstanceUid);
    return found === undefined ? [] : [{ seriesInstanceUid: found, sopInstanceUid, frameNumbers }];
  });
  return {
    ...selection,
    mine: seriesInstanceUid === own,
    images,
    elsewhere: instances.length - images.length,
  };
}

/**
 * Takes a selection of that person's out of the archive.
 * @returns false when that person has no such selection
 */
export async function withdrawKeyImages(
  study: StudyRecord,
  subject: string,
  sopInstanceUid: string,
  { archive, forget }: KeyImageDependencies,
): Promise<boolean> {
  const orthancId = await findInSeries(seriesOfSelector(study, subject), sopInstanceUid, archive);
  if (orthancId === undefined) return false;
  await archive.deleteInstance(orthancId);
  await forget(orthancId);
  return true;
}
