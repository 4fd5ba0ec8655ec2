import { MOST_SHOWN_OF_ALL } from "../audit/shown-studies.js";
import type { StudyDirectory } from "../authorization/study-directory.js";
import { EVERY_STUDY } from "../authorization/study-filter.js";
import { ApiError } from "../error-response.js";
import { parseSearchQuery, type SearchQuery } from "./search-query.js";
import type { DicomJson } from "./search-within-reach.js";

/** The attributes by which people look for patients and studies, by keyword and tag in small letters. */
const ATTRIBUTES: ReadonlyMap<string, string> = new Map([
  ["patientname", "PatientName"],
  ["00100010", "PatientName"],
  ["patientid", "PatientID"],
  ["00100020", "PatientID"],
  ["patientbirthdate", "PatientBirthDate"],
  ["00100030", "PatientBirthDate"],
  ["studyinstanceuid", "StudyInstanceUID"],
  ["0020000d", "StudyInstanceUID"],
  ["accessionnumber", "AccessionNumber"],
  ["00080050", "AccessionNumber"],
  ["studydate", "StudyDate"],
  ["00080020", "StudyDate"],
  ["modalitiesinstudy", "ModalitiesInStudy"],
  ["00080061", "ModalitiesInStudy"],
  ["studydescription", "StudyDescription"],
  ["00081030", "StudyDescription"],
]);

/** What a search was by, never for what: `searchStudies by PatientName, StudyDate`. */
export function kindOfSearch(transaction: string, query: string): string {
  const by = new Set<string>();
  for (const [name, value] of new URLSearchParams(query)) {
    const attribute = ATTRIBUTES.get(name.toLowerCase());
    if (attribute !== undefined && !/^[*\s]*$/.test(value)) by.add(attribute);
  }
  return by.size === 0 ? transaction : `${transaction} by ${[...by].sort().join(", ")}`;
}

/** Every study of which something was found. */
export function studiesFound(found: readonly DicomJson[]): string[] {
  const uids = found.map((attributes) => attributes["0020000D"]?.Value?.[0]);
  return [...new Set(uids.filter((uid) => typeof uid === "string"))];
}

/**
 * The studies that a search names by an identifier, so that the archive's answer, which nginx fetches, is of them. Empty
 * when it names none, or so many that it is about no one patient.
 */
export async function studiesNamed(query: string, directory: StudyDirectory): Promise<readonly string[]> {
  const search = readable(query);
  if (search === undefined) return [];
  const { studyInstanceUids, narrowing } = search;
  const most = MOST_SHOWN_OF_ALL;
  if (studyInstanceUids !== undefined) {
    if (studyInstanceUids.length > most) return [];
    const each = [...new Set(studyInstanceUids)].map((studyInstanceUid) =>
      directory.uidsWithin(EVERY_STUDY, { ...narrowing, studyInstanceUid }, 1),
    );
    return (await Promise.all(each)).flat();
  }
  if (narrowing.patientId === undefined && narrowing.accessionNumber === undefined) return [];
  const named = await directory.uidsWithin(EVERY_STUDY, narrowing, most + 1);
  return named.length > most ? [] : named;
}

/** Whether the archive takes what cannot be read here is its own affair. */
function readable(query: string): SearchQuery | undefined {
  try {
    return parseSearchQuery(query);
  } catch (error) {
    if (error instanceof ApiError) return undefined;
    throw error;
  }
}
