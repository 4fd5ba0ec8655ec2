import { ArchiveError } from "../../archive/archive.js";
import type { SearchTerm } from "../../dicomweb/search-query.js";
import type { ArchiveSearch, DicomJson } from "../../dicomweb/search-within-reach.js";
import { ApiError } from "../../error-response.js";
import type { OrthancHttp } from "./http.js";

type Found = Readonly<Record<string, string | undefined>>;

/** What Orthanc reads in a query as it is written, whether it decodes queries (not in 1.10) or not. */
const PLAIN = /^[!-~]*$/;
const MEANS_SOMETHING = /[%&+#]/;
/** Parameters of a search that are no attribute to match. */
const PARAMETER = /^(?:includefield|fuzzymatching|limit|offset)$/i;
/** A keyword or a tag, not within a sequence. */
const ATTRIBUTE = /^(?:[A-Za-z]+|[0-9A-Fa-f]{8})$/;
/** Of a request's address; servers take 8 kB. */
const UIDS_AT_ONCE = 50;
const JSON_BODY = { "content-type": "application/json" };
const LEVELS = {
  studies: { level: "Study", uid: "StudyInstanceUID" },
  series: { level: "Series", uid: "SeriesInstanceUID" },
  instances: { level: "Instance", uid: "SOPInstanceUID" },
} as const;

/**
 * QIDO-RS of Orthanc's DICOMweb plugin. Values that cannot be written into a query so that Orthanc reads them (a Korean
 * name, a space) are found by `/tools/find` first, and QIDO-RS describes what was found.
 */
export class OrthancSearch implements ArchiveSearch {
  constructor(private readonly http: OrthancHttp) {}

  async search(
    path: string,
    terms: readonly SearchTerm[],
    wanted: number,
    forwarded: string | undefined,
  ): Promise<readonly DicomJson[]> {
    if (wanted === 0) return [];
    const written = terms.filter(
      ([name, value]) => !ATTRIBUTE.test(name) || PARAMETER.test(name) || isPlain(value),
    );
    const others = terms.filter((term) => !written.includes(term));
    if (others.length === 0) {
      const limit: SearchTerm[] = Number.isFinite(wanted) ? [["limit", String(wanted)]] : [];
      return this.ask(path, [...written, ...limit], forwarded);
    }
    const { level, uid } = levelOf(path);
    const uids = await this.find(level, uid, [
      ...others,
      ...written.filter(([name]) => isUid(name)),
      ...uidsIn(path),
    ]);
    const rest = written.filter(([name]) => name !== uid);
    const found: DicomJson[] = [];
    for (let index = 0; index < uids.length && found.length < wanted; index += UIDS_AT_ONCE) {
      const some = uids.slice(index, index + UIDS_AT_ONCE).join(",");
      found.push(...(await this.ask(path, [[uid, some], ...rest], forwarded)));
    }
    return found;
  }

  private async ask(
    path: string,
    terms: readonly SearchTerm[],
    forwarded: string | undefined,
  ): Promise<readonly DicomJson[]> {
    const query = terms.map(
      ([name, value]) => `${name}=${isPlain(value) ? value : encodeURIComponent(value)}`,
    );
    const { status, body } = await this.http.get(
      `/dicom-web${path}${query.length === 0 ? "" : `?${query.join("&")}`}`,
      {
        Accept: "application/dicom+json",
        ...(forwarded === undefined ? {} : { Forwarded: forwarded }),
      },
    );
    // The study may have been deleted since its UID was looked up.
    if (status === 404 || status === 204) return [];
    return JSON.parse(accepted(status, body)) as DicomJson[];
  }

  /** @returns the UIDs, at that level, of what matches, each once */
  private async find(level: string, uid: string, terms: readonly SearchTerm[]): Promise<readonly string[]> {
    const question = {
      Level: level,
      Expand: true,
      // As the plugin asks, unless it is configured otherwise.
      CaseSensitive: true,
      Query: Object.fromEntries(
        terms.map(([name, value]) => [name, isUid(name) ? value.replaceAll(",", "\\") : value]),
      ),
    };
    const { status, body } = await this.http.send(
      "POST",
      "/tools/find",
      Buffer.from(JSON.stringify(question)),
      JSON_BODY,
    );
    const found = JSON.parse(accepted(status, body)) as { readonly MainDicomTags: Found }[];
    return [...new Set(found.flatMap(({ MainDicomTags }) => MainDicomTags[uid] ?? []))];
  }
}

function isPlain(value: string): boolean {
  return PLAIN.test(value) && !MEANS_SOMETHING.test(value);
}

function isUid(name: string): boolean {
  return /^(?:Study|Series|SOP)InstanceUID$/.test(name);
}

function levelOf(path: string): (typeof LEVELS)[keyof typeof LEVELS] {
  return LEVELS[path.slice(path.lastIndexOf("/") + 1) as keyof typeof LEVELS];
}

/** Of the study and the series that the path names. */
function uidsIn(path: string): SearchTerm[] {
  const [, study] = /^\/studies\/([\d.]+)\//.exec(path) ?? [];
  const [, series] = /\/series\/([\d.]+)\//.exec(path) ?? [];
  return [
    ...(study === undefined ? [] : [["StudyInstanceUID", study] as const]),
    ...(series === undefined ? [] : [["SeriesInstanceUID", series] as const]),
  ];
}

function accepted(status: number, body: Buffer): string {
  if (status === 400) throw new ApiError(400, "request-malformed", "The archive does not take this search.");
  if (status !== 200)
    throw new ArchiveError("archive-refused", status >= 500, `Orthanc answered HTTP ${status} to a search`);
  return body.toString("utf8");
}
