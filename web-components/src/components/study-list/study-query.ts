/** By what the list may be in order, as the server takes it. */
export type StudyOrder = "date" | "patient" | "description" | "arrival";
export type Direction = "asc" | "desc";

/** What the list asks for, but for the page. */
export interface StudyQuery {
  /** Part of name, id, description or accession number. */
  readonly text: string;
  /** Patient ID, whole; the studies of everybody when undefined. */
  readonly patient: string | undefined;
  /** Modality (0008,0060); any when empty. */
  readonly modality: string;
  /** First and last day, YYYY-MM-DD; open when empty. */
  readonly from: string;
  readonly to: string;
  readonly sort: StudyOrder;
  readonly direction: Direction;
}

export const FIRST_QUERY: StudyQuery = {
  text: "",
  patient: undefined,
  modality: "",
  from: "",
  to: "",
  sort: "date",
  direction: "desc",
};

/** Whether it leaves studies out, so that an empty list does not mean an empty archive. */
export function isNarrowed({ text, modality, from, to }: StudyQuery): boolean {
  return [text.trim(), modality, from, to].some((value) => value !== "");
}

/** The order that a click on a heading asks for: the other way round when it is by that already, newest first for dates. */
export function orderedBy(query: StudyQuery, sort: StudyOrder): StudyQuery {
  if (query.sort === sort) return { ...query, direction: query.direction === "asc" ? "desc" : "asc" };
  return { ...query, sort, direction: sort === "date" || sort === "arrival" ? "desc" : "asc" };
}

/**
 * The search parameters of `GET /api/studies`.
 * @param after the `next` of the page before; undefined for the first page
 */
export function parametersOf(query: StudyQuery, limit: number, after: string | undefined): URLSearchParams {
  const { text, patient, modality, from, to, sort, direction } = query;
  const given = { query: text.trim(), patient, modality, from, to, after };
  const parameters = new URLSearchParams({ sort, order: direction, limit: String(limit) });
  for (const [name, value] of Object.entries(given))
    if (value !== undefined && value !== "") parameters.set(name, value);
  return parameters;
}
