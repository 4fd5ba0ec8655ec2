import type { ArchivedInstance } from "../archive/archive.js";
import type { AnalysisResult, AnalysisRow } from "../state/records.js";
import type { SeriesDetails } from "../state/state.js";
import {
  deliver,
  endCanceled,
  endWithout,
  findAnalysis,
  MOST_INTERRUPTIONS,
  WORKER_DIED,
  type EndAnalysisDependencies,
  type FoundAnalysis,
} from "./end-analysis.js";
import { inputDigest } from "./input-digest.js";
import type { AnalyserOutcome, SucceededOutcome } from "./outcome.js";
import { Progress, eventOf } from "./progress.js";
import { AnalysisCanceled } from "./running-analyses.js";
import type { SourceImages } from "./source-images.js";
import { figuresOf, withdrawSeries } from "./store-result.js";
import { readTraceparent } from "../tracing/trace-context.js";
import { traced } from "../tracing/traced.js";
import type { Tracer } from "../tracing/tracer.js";

/** Runs one model on the instances of a series. The same input gives the same bytes. */
export type Analyser = (
  analysis: AnalysisRow,
  series: SeriesDetails & { readonly studyInstanceUid: string },
  instances: readonly ArchivedInstance[],
  /** Told how many slices are done, as often as one likes. */
  progress: (slicesDone: number) => void,
  signal: AbortSignal,
) => Promise<AnalyserOutcome>;

export interface RunAnalysisDependencies extends EndAnalysisDependencies {
  readonly images: SourceImages;
  readonly analyse: Analyser;
  /** Puts a result where results go: into the archive, or aside until it is reviewed. */
  readonly keep: (analysis: AnalysisRow, outcome: SucceededOutcome) => Promise<AnalysisResult>;
  /** Told of each result once it is written down; never of a shadow's. */
  readonly onResult: (found: FoundAnalysis) => void;
  readonly tracer: Tracer;
}

const DESCRIBED_AT_ONCE = 4;

/**
 * Runs a queued analysis: model, then SEG and SR into the archive, then the state with its message to FHIR.
 * Killed anywhere, it is done again with the same UIDs: the archive keeps what it has. Results of an earlier input
 * (an instance came late) are withdrawn, so that a series has one result of a model, and none of an input that is not
 * analysed any more. A shadow only leaves its figures in its row: nothing is stored, sent or told. When `signal` aborts
 * with AnalysisCanceled it ends as canceled, with nothing left behind.
 */
export async function runAnalysis(
  id: number,
  digest: string,
  dependencies: RunAnalysisDependencies,
  signal: AbortSignal,
): Promise<void> {
  const found = await findAnalysis(id, digest, dependencies);
  // Instances came or went since: the series settles again and queues the analysis anew.
  if (found === null || inputDigest(found.series.instances) !== digest) return;
  const { seriesId, attempts, traceparent } = found.analysis;
  const start = {
    parent: readTraceparent(traceparent),
    kind: "consumer",
    attributes: { "orthanc.series": seriesId, "neuronova.attempt": attempts + 1 },
  } as const;
  await traced(dependencies.tracer, "run-analysis", start, () => runFound(found, dependencies, signal));
}

async function runFound(
  found: FoundAnalysis,
  dependencies: RunAnalysisDependencies,
  signal: AbortSignal,
): Promise<void> {
  const { state } = dependencies;
  const { analysis } = found;
  const { id, inputDigest: digest } = analysis;
  if (analysis.cancelRequested) return endCanceled(id, digest, dependencies);
  if (analysis.state === "running" && analysis.interruptions + 1 >= MOST_INTERRUPTIONS)
    return endWithout(found, WORKER_DIED, dependencies);

  const started = state.transaction(async (transaction) => {
    if ((await transaction.startAnalysis(id, digest)) && analysis.attempts === 0 && !analysis.shadow)
      await transaction.appendEvent(eventOf("analysis.started", found));
  });
  try {
    const outcome = await traced(dependencies.tracer, "infer", {}, async (span) => {
      const looked = await look(found, started, dependencies, signal);
      span?.note({ "neuronova.outcome": looked === "changed" ? looked : looked.kind });
      return looked;
    });
    // An instance was overwritten and has not been recorded yet: the series settles again.
    if (outcome === "changed") await letGo();
    else await conclude(found, outcome, dependencies);
  } catch (error) {
    // What it was begun with is written first, or it would be "running" with nobody at it.
    await started.catch(() => undefined);
    if (signal.reason instanceof AnalysisCanceled) return endCanceled(id, digest, dependencies);
    await letGo().catch(() => undefined);
    throw error;
  }

  function letGo(): Promise<void> {
    return state.transaction((transaction) => transaction.interruptAnalysis(id, digest));
  }
}

/** Has the model look at the images, while the state is told that it does. */
async function look(
  { analysis, series, study }: FoundAnalysis,
  started: Promise<void>,
  { state, images, analyse }: RunAnalysisDependencies,
  signal: AbortSignal,
): Promise<AnalyserOutcome | "changed"> {
  const progress = new Progress({ analysis, series, study }, state);
  const analysed = async () => {
    const instances = await describeAll(images, series);
    if (instances === "changed") return instances;
    return analyse(
      analysis,
      { ...series, studyInstanceUid: study.studyInstanceUid },
      instances,
      // Nobody is told of a shadow: it never happened for those who treat the patient.
      (slicesDone) => (analysis.shadow ? undefined : progress.at(slicesDone)),
      signal,
    );
  };
  try {
    const [outcome] = await Promise.all([analysed(), started]);
    if (outcome !== "changed") images.forget(series.instances);
    return outcome;
  } finally {
    await progress.end();
  }
}

/** Puts what the model said where it goes, and writes that it is there. */
async function conclude(
  found: FoundAnalysis,
  outcome: AnalyserOutcome,
  dependencies: RunAnalysisDependencies,
): Promise<void> {
  const { state } = dependencies;
  const { analysis } = found;
  const { id, inputDigest: digest } = analysis;
  if (outcome.kind === "not-applicable")
    return endWithout(found, { state: "not-applicable", ...outcome }, dependencies);
  if (analysis.shadow) {
    const figures = figuresOf(outcome);
    await state.transaction((transaction) => transaction.finishAnalysis(id, digest, figures));
    return;
  }
  const result = await traced(dependencies.tracer, "store-result", {}, () =>
    dependencies.keep(analysis, outcome),
  );
  // The earlier input had a lesion and this one has none: its SEG is not true any more.
  for (const kind of ["segmentation", "attention", "summaryImage"] as const) {
    const earlier = analysis.result?.[kind];
    if (result[kind] == null && earlier != null)
      await withdrawSeries(earlier.seriesInstanceUid, null, dependencies);
  }
  const finished = await state.transaction(async (transaction) => {
    if (!(await transaction.finishAnalysis(id, digest, result))) return false;
    await deliver(transaction, found, dependencies);
    await transaction.appendEvent(eventOf("analysis.succeeded", found));
    return true;
  });
  // It may have been canceled while its result was being stored.
  if (finished) dependencies.onResult(found);
  else await endCanceled(id, digest, dependencies);
}

async function describeAll(
  images: SourceImages,
  { instances }: SeriesDetails,
): Promise<ArchivedInstance[] | "changed"> {
  const described: ArchivedInstance[] = [];
  for (let start = 0; start < instances.length; start += DESCRIBED_AT_ONCE) {
    const batch = instances.slice(start, start + DESCRIBED_AT_ONCE);
    described.push(...(await Promise.all(batch.map((instance) => images.describe(instance)))));
  }
  const changed = described.some(({ fileUuid }, index) => fileUuid !== instances[index]?.fileUuid);
  return changed ? "changed" : described;
}
