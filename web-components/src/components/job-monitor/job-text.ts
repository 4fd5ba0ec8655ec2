import { message, type Language, type MessageKey } from "../../localization/messages.js";
import type { Job } from "../../studies/jobs.js";

const STATES: Readonly<Record<Job["state"], MessageKey>> = {
  queued: "jobQueued",
  running: "jobRunning",
  succeeded: "jobSucceeded",
  failed: "jobFailed",
  "not-applicable": "jobNotApplicable",
  canceled: "jobCanceled",
};

/** Codes of reasons that a person may meet, by what they can do about them. */
const REASONS: Readonly<Record<string, MessageKey>> = {
  "worker-died": "jobWorkerDied",
  "too-few-slices": "jobTooFewSlices",
  "plane-unsuitable": "jobPlane",
  "spacing-unsuitable": "jobSpacing",
  "units-unsuitable": "jobUnits",
  "slices-missing": "jobSlicesMissing",
  "spacing-irregular": "jobIrregular",
  "stacks-several": "jobSeveralStacks",
  "position-duplicate": "jobDuplicate",
  "model-not-loadable": "jobModel",
  "model-run-failed": "jobModel",
  "model-output-invalid": "jobModel",
};

/** The state of a job in words; one that is asked to end is not yet canceled. */
export function jobState(job: Job, language: Language): string {
  if (job.cancelRequested && job.state === "running") return message(language, "jobCanceling");
  return message(language, STATES[job.state]);
}

/** Why a job came to nothing. Nothing for one that was canceled, whose state says it. */
export function jobReason({ state, reason }: Job, language: Language): string | undefined {
  if (reason === undefined || state === "canceled") return undefined;
  return reasonText(reason.code, reason.detail, language);
}

/** In words where the code has some, and in any case what was seen. */
export function reasonText(code: string, detail: string, language: Language): string {
  const key = REASONS[code];
  const words = key && message(language, key);
  return [words, detail].filter((part) => part !== undefined && part !== "").join(" ") || code;
}

/** How far a running job is, 0 to 1; undefined before its first slice is counted. */
export function jobProgress({ state, progress: { slicesDone, slices } }: Job): number | undefined {
  return state === "running" && slices > 0 ? Math.min(1, slicesDone / slices) : undefined;
}
