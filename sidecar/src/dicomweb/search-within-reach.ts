import { isUnrestricted, type Principal } from "../authorization/principal.js";
import type { StudyAccess } from "../authorization/study-access.js";
import { studyFilterOf } from "../authorization/study-filter.js";
import { ApiError } from "../error-response.js";
import type { DicomWebRoute } from "./route.js";
import { parseSearchQuery, type SearchQuery, type SearchTerm } from "./search-query.js";

/** Attributes of a study, series or instance in the DICOM JSON model (PS3.18 F.2). */
export type DicomJson = Readonly<Record<string, { readonly Value?: readonly unknown[] } | undefined>>;

/** The archive's own QIDO-RS. */
export interface ArchiveSearch {
  /**
   * @param path below `/dicom-web`
   * @param terms decoded, whatever characters they have
   * @param wanted more than so many need not be found
   * @param forwarded RFC 7239, for the addresses in the answer
   * @throws ApiError 400 when the archive does not take the query
   */
  search(
    path: string,
    terms: readonly SearchTerm[],
    wanted: number,
    forwarded: string | undefined,
  ): Promise<readonly DicomJson[]>;
}

export interface SearchDependencies {
  readonly access: StudyAccess;
  readonly archive: ArchiveSearch;
}

/** Each study is a search in the archive. */
const MOST_STUDIES = 200;
const AT_ONCE = 8;

/**
 * A search, also by somebody who reaches only some studies: then one search in the archive for each study within their reach that
 * may match, merged, newest first. The archive is never asked about a study out of reach.
 * @throws ApiError 403 `search-too-broad`, 400 `request-malformed`
 */
export async function searchWithinReach(
  principal: Principal,
  route: DicomWebRoute,
  query: string,
  forwarded: string | undefined,
  dependencies: SearchDependencies,
): Promise<DicomJson[]> {
  const search = parseSearchQuery(query);
  if (isUnrestricted(principal)) return searchAll(route, search, forwarded, dependencies.archive);
  const studies = await studiesToSearch(principal, route, search, dependencies.access);
  const wanted = search.offset + search.limit;
  const found: DicomJson[] = [];
  for (let index = 0; index < studies.length && found.length < wanted; index += AT_ONCE) {
    const batch = studies.slice(index, index + AT_ONCE);
    const answers = await Promise.all(
      batch.map((study) => searchStudy(study, route, search.rest, wanted, forwarded, dependencies.archive)),
    );
    found.push(...answers.flat());
  }
  return found.slice(search.offset, wanted);
}

async function studiesToSearch(
  principal: Principal,
  { studyInstanceUid }: DicomWebRoute,
  { studyInstanceUids, narrowing }: SearchQuery,
  access: StudyAccess,
): Promise<string[]> {
  const named = studyInstanceUid === undefined ? studyInstanceUids : [studyInstanceUid];
  if (named !== undefined) {
    if (named.length > MOST_STUDIES) throw tooBroad();
    const asked = studyInstanceUid === undefined ? named : restrict(named, studyInstanceUids);
    const visible = await Promise.all(asked.map((uid) => access.mayView(principal, uid)));
    return [...new Set(asked.filter((_uid, index) => visible[index]))];
  }
  const within = await access.directory.uidsWithin(studyFilterOf(principal), narrowing, MOST_STUDIES + 1);
  if (within.length > MOST_STUDIES) throw tooBroad();
  return within;
}

function restrict(uids: readonly string[], to: readonly string[] | undefined): string[] {
  return uids.filter((uid) => to === undefined || to.includes(uid));
}

async function searchAll(
  route: DicomWebRoute,
  { studyInstanceUids, rest, limit, offset }: SearchQuery,
  forwarded: string | undefined,
  archive: ArchiveSearch,
): Promise<DicomJson[]> {
  const named: SearchTerm[] =
    studyInstanceUids === undefined ? [] : [["StudyInstanceUID", studyInstanceUids.join(",")]];
  const wanted = offset + limit;
  const found = await archive.search(pathOf(route), [...named, ...rest], wanted, forwarded);
  return found.slice(offset, wanted);
}

async function searchStudy(
  studyInstanceUid: string,
  route: DicomWebRoute,
  rest: readonly SearchTerm[],
  wanted: number,
  forwarded: string | undefined,
  archive: ArchiveSearch,
): Promise<DicomJson[]> {
  const found =
    route.transaction === "searchStudies"
      ? await archive.search(
          "/studies",
          [["StudyInstanceUID", studyInstanceUid], ...rest],
          Number.POSITIVE_INFINITY,
          forwarded,
        )
      : await archive.search(pathOf({ ...route, studyInstanceUid }), rest, wanted, forwarded);
  // Whatever the archive made of the query: nothing of another study leaves.
  return found.filter((attributes) => attributes["0020000D"]?.Value?.[0] === studyInstanceUid);
}

function pathOf({ transaction, studyInstanceUid, seriesInstanceUid }: DicomWebRoute): string {
  const study = studyInstanceUid === undefined ? "" : `/studies/${studyInstanceUid}`;
  const series = seriesInstanceUid === undefined ? "" : `/series/${seriesInstanceUid}`;
  const level = {
    searchStudies: "/studies",
    searchSeries: "/series",
    searchInstances: "/instances",
  } as const;
  return study + series + level[transaction as keyof typeof level];
}

function tooBroad(): ApiError {
  return new ApiError(
    403,
    "search-too-broad",
    `More than ${MOST_STUDIES} studies within your reach may match: name StudyInstanceUID, PatientID, AccessionNumber or a StudyDate range.`,
  );
}
