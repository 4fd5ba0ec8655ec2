import { eventOf } from "../analysis/progress.js";
import { queueAnalyses } from "../analysis/queue-analyses.js";
import { ApiError } from "../error-response.js";
import type { JobQueue } from "../pipeline/job-queue.js";
import type { State } from "../state/state.js";
import type { JobRow, JobStore } from "./job-store.js";

export interface ChangeJobDependencies {
  readonly state: State;
  readonly queue: JobQueue;
  readonly jobs: JobStore;
}

/**
 * Has a job end without a result. One that nobody has begun is canceled at once; one in progress is ended by its
 * worker, within moments, and what it may have stored is withdrawn. Canceling twice is no error.
 * @throws ApiError 409 `job-over`
 */
export async function cancelJob(
  row: JobRow,
  canceledBy: string,
  dependencies: ChangeJobDependencies,
): Promise<JobRow> {
  const { state, jobs } = dependencies;
  const { id } = row.analysis;
  const asked = await state.transaction(async (transaction) => {
    if (await transaction.cancelUnbegun(id, canceledBy)) {
      await transaction.appendEvent(eventFor("analysis.canceled", row));
      return true;
    }
    return transaction.requestCancel(id, canceledBy);
  });
  const now = await found(id, jobs);
  const { analysis } = now;
  if (!asked && analysis.state !== "canceled" && !analysis.cancelRequested)
    throw new ApiError(409, "job-over", `The job is over: ${analysis.state}.`);
  return now;
}

/**
 * Has a job that came to nothing done again.
 * @throws ApiError 409 `job-not-over`
 */
export async function retryJob(
  row: JobRow,
  requestedBy: string,
  dependencies: ChangeJobDependencies,
): Promise<JobRow> {
  const { state, jobs } = dependencies;
  const { id, priority } = row.analysis;
  const retried = await state.transaction(async (transaction) => {
    if (!(await transaction.retryAnalysis(id, { priority, requestedBy }))) return false;
    await transaction.appendEvent(eventFor("analysis.queued", row));
    return true;
  });
  const now = await found(id, jobs);
  if (!retried)
    throw new ApiError(409, "job-not-over", `There is nothing to retry: the job is ${now.analysis.state}.`);
  // A queue that does not answer is filled by the refill later.
  await queueAnalyses([id], dependencies).catch(() => undefined);
  return now;
}

export function noSuchJob(): ApiError {
  return new ApiError(404, "no-such-job", "There is no such job.");
}

function eventFor(event: "analysis.queued" | "analysis.canceled", row: JobRow) {
  return eventOf(event, { analysis: row.analysis, series: row, study: row });
}

async function found(id: number, jobs: JobStore): Promise<JobRow> {
  const row = await jobs.find(id);
  if (row === null) throw noSuchJob();
  return row;
}
