import type { Schemas } from "../api/schemas.js";
import { fetchJson } from "../session/http.js";
import type { TokenProvider } from "../session/token-provider.js";

/** A model's work on a series, as `/api/ai/jobs` lists it (docs/ai-jobs.md). */
export type Job = Schemas["Job"];

export type JobList = Schemas["ListJobsAnswer"];

/** The newest jobs first, of one study or of all that the reader reaches. */
export function loadJobs(study: string | undefined, limit: number, token: TokenProvider): Promise<JobList> {
  const query = new URLSearchParams({
    limit: String(limit),
    ...(study === undefined ? {} : { studyInstanceUid: study }),
  });
  return fetchJson<JobList>(`/api/ai/jobs?${query}`, token);
}

/** @throws HttpProblem 409 `job-over`, `job-not-over`: it went on meanwhile */
export function changeJob(id: number, change: "cancel" | "retry", token: TokenProvider): Promise<Job> {
  return fetchJson<Job>(`/api/ai/jobs/${id}/${change}`, token, { method: "POST" });
}

/** @throws HttpProblem 404 `no-such-model`; 409 `series-receiving`; 422 `model-not-applicable` */
export function requestJobs(
  wanted: {
    readonly model: string;
    readonly version: string;
    readonly studyInstanceUid: string;
    /** All series that the model is for when not given. */
    readonly seriesInstanceUid?: string;
  },
  token: TokenProvider,
): Promise<{ readonly jobs: readonly Job[] }> {
  return fetchJson("/api/ai/jobs", token, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(wanted),
  });
}
