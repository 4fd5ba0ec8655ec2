import { isHeld } from "../review/standing-review.js";
import type { AnalysisRow, AnalysisState, StoredObject } from "../state/records.js";
import type { SeriesDetails } from "../state/state.js";
import { progressOf, type ModelCaption } from "../studies/study-details.js";
import { inputDigest } from "../analysis/input-digest.js";
import type { JobRow } from "./job-store.js";

/**
 * Procedure Step State (0074,1000; PS3.4 CC.1.1) of a state, as IHE AI Workflow for Imaging knows it. A step that came
 * to nothing is CANCELED there, with the reason; here the state says why.
 */
export const PROCEDURE_STEP_STATES = {
  queued: "SCHEDULED",
  running: "IN PROGRESS",
  succeeded: "COMPLETED",
  failed: "CANCELED",
  "not-applicable": "CANCELED",
  canceled: "CANCELED",
} as const satisfies Record<AnalysisState, string>;

export interface JobViewDependencies {
  readonly modelCaption: (name: string, version: string) => ModelCaption;
}

/** A job as lists show it. Times are ISO 8601 in UTC; durations are milliseconds. */
export function jobView(
  { analysis, studyInstanceUid, seriesInstanceUid }: JobRow,
  { modelCaption }: JobViewDependencies,
) {
  const { id, modelName, modelVersion, state, priority, requestedBy, attempts } = analysis;
  const over = state !== "queued" && state !== "running";
  return {
    id,
    model: modelCaption(modelName, modelVersion),
    studyInstanceUid,
    seriesInstanceUid,
    state,
    procedureStepState: PROCEDURE_STEP_STATES[state],
    priority,
    requestedBy,
    cancelRequested: analysis.cancelRequested && !over,
    attempts,
    progress: progressOf(analysis),
    queuedAt: analysis.queuedAt.toISOString(),
    startedAt: analysis.startedAt?.toISOString() ?? null,
    finishedAt: over ? (analysis.finishedAt?.toISOString() ?? null) : null,
    ...(state === "failed" || state === "not-applicable" || state === "canceled"
      ? { reason: { code: analysis.code ?? "", detail: analysis.reason ?? "" } }
      : {}),
  };
}

/** A job by itself: also what it is of, and what came of it. */
export function jobDetails(row: JobRow, series: SeriesDetails | null, dependencies: JobViewDependencies) {
  const { analysis } = row;
  const instances = series?.instances ?? [];
  return {
    ...jobView(row, dependencies),
    input: {
      digest: analysis.inputDigest,
      // Once an instance came or went the series is not what was analysed; then only its digest names the input.
      sopInstanceUids:
        inputDigest(instances) === analysis.inputDigest
          ? instances.map(({ sopInstanceUid }) => sopInstanceUid)
          : null,
    },
    // What is held for review is for reviewers: docs/review.md.
    ...(analysis.state === "succeeded" && analysis.result !== null && !isHeld(analysis)
      ? { output: outputOf(analysis) }
      : {}),
  };
}

function outputOf({ result }: AnalysisRow) {
  if (result === null) return {};
  const {
    segmentation,
    attention,
    report,
    segments,
    scores = [],
    confidence,
    engine,
    modelMilliseconds,
  } = result;
  return {
    ...{ segments, scores, confidence, engine, modelMilliseconds },
    segmentation: segmentation && address(segmentation),
    attention: attention ? address(attention) : null,
    report: address(report),
  };
}

function address({ seriesInstanceUid, sopInstanceUid }: StoredObject) {
  return { seriesInstanceUid, sopInstanceUid };
}
