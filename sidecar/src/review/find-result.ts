import { ApiError } from "../error-response.js";
import type { AnalysisResult, AnalysisRow, StudyRecord } from "../state/records.js";
import type { SeriesDetails, StateReads } from "../state/state.js";

/** An analysis that has a result, with where it belongs. */
export interface FoundResult {
  readonly analysis: AnalysisRow & { readonly result: AnalysisResult };
  readonly series: SeriesDetails;
  readonly study: StudyRecord;
}

export type ResultReads = Pick<StateReads, "analysis" | "series" | "study">;

/** null when there is no such analysis, or it has no result. */
export async function findResult(id: number, read: ResultReads): Promise<FoundResult | null> {
  const analysis = await read.analysis(id);
  const series = analysis && (await read.series(analysis.seriesId));
  const study = series && (await read.study(series.studyId));
  if (analysis?.result == null || !series || !study) return null;
  return { analysis: { ...analysis, result: analysis.result }, series, study };
}

/** @throws ApiError 404 `no-such-result` */
export async function requireResult(id: string, read: ResultReads): Promise<FoundResult> {
  const found = /^[1-9]\d{0,14}$/.test(id) ? await findResult(Number(id), read) : null;
  if (found === null) throw noSuchResult();
  return found;
}

export function noSuchResult(reason?: string): ApiError {
  return new ApiError(
    404,
    "no-such-result",
    "There is no such result.",
    {},
    reason === undefined ? {} : { reason },
  );
}
