import { isReadableUid } from "../dicom/uid.js";
import { ApiError } from "../error-response.js";
import type { StudyNarrowing } from "../authorization/study-directory.js";

/** What a search asks for, decoded: an attribute and the value it has to match, or a parameter such as includefield. */
export type SearchTerm = readonly [name: string, value: string];

/** The query of a search (PS3.18 8.3.4), taken apart. */
export interface SearchQuery {
  /** undefined when the query names no study. */
  readonly studyInstanceUids: readonly string[] | undefined;
  readonly narrowing: StudyNarrowing;
  /** Everything else, to be asked of the archive. */
  readonly rest: readonly SearchTerm[];
  readonly limit: number;
  readonly offset: number;
}

/** A keyword or a tag, also within sequences: nothing that could be read as something else, like `_method`. */
const ATTRIBUTE = /^(?:[A-Za-z]+|[0-9A-Fa-f]{8})(?:\.(?:[A-Za-z]+|[0-9A-Fa-f]{8}))*$/;
const STUDY_INSTANCE_UID = /^(?:studyinstanceuid|0020000d)$/i;
const WHOLE = /^\d{1,9}$/;
const DATE_RANGE = /^(\d{8})?(-)?(\d{8})?$/;

/** @throws ApiError 400 for what cannot be read in one way only */
export function parseSearchQuery(query: string): SearchQuery {
  const rest: SearchTerm[] = [];
  let studyInstanceUids: string[] | undefined;
  let [limit, offset] = [Number.POSITIVE_INFINITY, 0];
  const narrowing: { -readonly [Key in keyof StudyNarrowing]: StudyNarrowing[Key] } = {};
  for (const [name, value] of new URLSearchParams(query)) {
    if (!ATTRIBUTE.test(name)) throw malformed(`${JSON.stringify(name.slice(0, 64))} is no attribute`);
    const key = name.toLowerCase();
    if (key === "accept") continue;
    if (key === "limit") limit = whole(key, value);
    else if (key === "offset") offset = whole(key, value);
    else if (STUDY_INSTANCE_UID.test(key)) {
      if (value === "") continue;
      if (studyInstanceUids !== undefined) throw malformed("StudyInstanceUID is there twice");
      studyInstanceUids = value.split(/[\\,]/);
      if (!studyInstanceUids.every(isReadableUid)) throw malformed("StudyInstanceUID is not a UID");
    } else {
      rest.push([name, value]);
      Object.assign(narrowing, narrowingBy(key, value));
    }
  }
  return { studyInstanceUids, narrowing, rest, limit, offset };
}

/**
 * Whether Orthanc understands the query as it is written: 1.10 does not decode what is percent-encoded, so that it
 * matches nothing, and answers 500 to a count that is none.
 */
export function isTakenByOrthanc(query: string): boolean {
  return !/[%+]/.test(query) && !/(?:^|&)(?:limit|offset)=(?!\d{1,9}(?:&|$))/i.test(query);
}

/** What the database can leave out beforehand; wild cards are the archive's to judge. */
function narrowingBy(key: string, value: string): StudyNarrowing {
  if (value === "" || /[*?\\]/.test(value)) return {};
  if (key === "patientid" || key === "00100020") return { patientId: value };
  if (key === "accessionnumber" || key === "00080050") return { accessionNumber: value };
  if (key !== "studydate" && key !== "00080020") return {};
  const [match, from, dash, to] = DATE_RANGE.exec(value) ?? [];
  if (match === undefined) return {};
  const last = dash === undefined ? from : to;
  return {
    ...(from === undefined ? {} : { studyDateFrom: from }),
    ...(last === undefined ? {} : { studyDateTo: last }),
  };
}

function whole(name: string, value: string): number {
  if (!WHOLE.test(value)) throw malformed(`${name} is not a whole number`);
  return Number(value);
}

function malformed(why: string): ApiError {
  return new ApiError(400, "request-malformed", `The search cannot be read: ${why}.`);
}
