import type { ArchivedInstance } from "../archive/archive.js";
import type { AnalyserOutcome } from "../analysis/outcome.js";
import { figuresOf } from "../analysis/store-result.js";
import { reasonOf } from "../pipeline/faults.js";
import type { InstanceRow } from "../state/records.js";
import type { SeriesDetails, State } from "../state/state.js";
import type { InferenceRow, InferenceStore } from "./inference-store.js";

/** What fits into a row of the database by its default settings, compressed; a SEG is mostly nothing. */
const MOST_OBJECT_BYTES = 64_000_000;
/** So often may a process end while it works on one question: then it is the question that it ends of. */
const MOST_ATTEMPTS = 5;

/** Runs one model on instances and writes what it found, under UIDs of its own. */
export type DirectAnalyser = (
  inference: InferenceRow,
  series: SeriesDetails & { readonly studyInstanceUid: string },
  instances: readonly ArchivedInstance[],
  signal: AbortSignal,
) => Promise<AnalyserOutcome>;

export interface RunInferenceDependencies {
  readonly store: InferenceStore;
  readonly state: Pick<State, "read">;
  readonly describe: (instance: InstanceRow) => Promise<ArchivedInstance>;
  readonly analyse: DirectAnalyser;
}

/** Answers a direct question to a model; nothing is stored but the answer. Killed, it is answered by another worker. */
export async function runInference(
  id: string,
  dependencies: RunInferenceDependencies,
  signal: AbortSignal,
): Promise<void> {
  const { store } = dependencies;
  const inference = await store.find(id);
  const attempt = await store.begin(id);
  if (inference === null || attempt === null) return;
  if (attempt > MOST_ATTEMPTS)
    return store.fail(id, "worker-died", `The process that answered it ended ${MOST_ATTEMPTS} times.`);
  try {
    await answer(inference, dependencies, signal);
  } catch (error) {
    await store.release(id).catch(() => undefined);
    throw error;
  }
}

async function answer(
  inference: InferenceRow,
  { store, state, describe, analyse }: RunInferenceDependencies,
  signal: AbortSignal,
): Promise<void> {
  const { id, sopInstanceUid: only } = inference;
  const series = await state.read.series(inference.seriesId);
  const study = series && (await state.read.study(series.studyId));
  const wanted =
    series?.instances.filter(({ sopInstanceUid }) => only === null || sopInstanceUid === only) ?? [];
  if (series === null || study === null || wanted.length === 0)
    return store.fail(id, "instances-missing", "What was asked about is not there any more.");
  const instances: ArchivedInstance[] = [];
  for (const instance of wanted) {
    signal.throwIfAborted();
    instances.push(await describe(instance));
  }
  const where = { ...series, instances: wanted, studyInstanceUid: study.studyInstanceUid };
  const outcome = await analyse(inference, where, instances, signal);
  if (outcome.kind === "not-applicable") return store.fail(id, outcome.code, outcome.reason);
  const { segmentation, attention } = outcome;
  const largest = Math.max(segmentation?.bytes.byteLength ?? 0, attention?.bytes.byteLength ?? 0);
  if (largest > MOST_OBJECT_BYTES)
    return store.fail(
      id,
      "result-too-large",
      "The segmentation is too large for a direct answer; ask for a job.",
    );
  const sopInstanceUids = wanted.map(({ sopInstanceUid }) => sopInstanceUid);
  await store.succeed(
    id,
    { figures: figuresOf(outcome), sopInstanceUids },
    { segmentation: segmentation?.bytes, attention: attention?.bytes },
  );
}

/** Records that a question cannot be answered. */
export async function failInference(id: string, error: unknown, store: InferenceStore): Promise<void> {
  const code = (error as { code?: unknown } | null)?.code;
  await store.fail(id, typeof code === "string" ? code : "unknown-fault", reasonOf(error));
}
