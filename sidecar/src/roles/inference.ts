import { HttpInferenceServer } from "../adapters/inference-server/http-inference-server.js";
import { startWorker } from "../adapters/redis/bullmq-queue.js";
import { DecodedFrames } from "../analysis/decoded-frames.js";
import { ReadAhead } from "../analysis/read-ahead.js";
import { failAnalysis } from "../analysis/end-analysis.js";
import { runAnalysis, type Analyser, type RunAnalysisDependencies } from "../analysis/run-analysis.js";
import type { AnalyserOutcome } from "../analysis/outcome.js";
import { RunningAnalyses } from "../analysis/running-analyses.js";
import { SourceImages } from "../analysis/source-images.js";
import { holdResult, publishResult } from "../analysis/store-result.js";
import { forgetInstance } from "../arrival/forget-instance.js";
import type { Config } from "../config.js";
import type { Connections } from "../connections.js";
import type { OrthancId } from "../dicom/uid.js";
import type { Metrics } from "../health/metrics.js";
import { failInference, runInference, type DirectAnalyser } from "../direct-inference/run-inference.js";
import { analyseSeries, type AnalysisInput } from "../inference/analyse-series.js";
import { Engines, type EngineReport } from "../inference/engines/engines.js";
import { resultSeriesUids } from "../inference/result-series.js";
import { pixelFormatOf } from "../inference/pixel-values.js";
import type { Logger } from "../log.js";
import { repeat } from "../pipeline/repeat.js";
import type { InstanceRow } from "../state/records.js";
import { correctResult } from "../review/correct-result.js";
import { DrawingThreads } from "./drawing-threads.js";
import { startReviews } from "./reviews.js";
import type { ModelShelf } from "./model-shelf.js";
import { LOOPS } from "../schedules/loops.js";

/** Between two looks at series that are receiving. */
const READ_AHEAD_MILLISECONDS = 250;

/** Pixels and attributes of series that wait to become stable. */
const READ_AHEAD_BYTES = 128_000_000;
/** The safety net under the wake-up. */

/** The inference role: runs models on stable series. */
export async function startInference(
  config: Config,
  connections: Connections,
  models: ModelShelf,
  metrics: Metrics,
  log: Logger,
): Promise<{
  engines(): readonly EngineReport[];
  checks(): Record<string, () => Promise<void>>;
  stop(): Promise<void>;
}> {
  const { archive, state, destinations, directInference, onWake, tracer, workerConnection } = connections;
  const { heldObjects: held } = connections;
  const engines = openEngines(config, models);
  await engines.start();
  for (const { engine, reason } of engines.report().filter(({ state }) => state === "failed"))
    log.error({ engine, reason }, "an engine cannot be started; its analyses wait");
  const decoder = new DrawingThreads();
  const frames = new DecodedFrames(archive, decoder);
  const readFrame = frames.readFrame.bind(frames);
  const describeInstance = archive.describeInstance.bind(archive);
  const images = new SourceImages({ describeInstance, readFrame }, READ_AHEAD_BYTES, ({ dataSet }) => {
    try {
      return pixelFormatOf(dataSet);
    } catch {
      return undefined; // what no model reads; its analysis says why
    }
  });
  const look = async (
    {
      modelName: name,
      modelVersion: version,
      shadow,
    }: { readonly modelName: string; readonly modelVersion: string; readonly shadow: boolean },
    series: Parameters<Analyser>[1],
    instances: Parameters<Analyser>[2],
    rest: Pick<AnalysisInput, "createdAt" | "direct" | "progress" | "signal" | "summaryImage">,
  ): Promise<AnalyserOutcome> => {
    // What was decided a moment ago counts, and a bundle that another process has just found.
    await models.look();
    const model = models.find(name, version);
    const mode = models.modeOf({ name, version });
    if (mode === "disabled" || (mode === "shadow" && !shadow))
      return { kind: "not-applicable", code: `model-${mode}`, reason: `The model is in the mode ${mode}.` };
    if (model === undefined) {
      return {
        kind: "not-applicable",
        code: "model-missing",
        reason: "The model is not installed any more.",
      };
    }
    return analyseSeries({
      model,
      engine: await engines.of(model),
      series,
      instances: instances.map(({ orthancId, dataSet }) => ({
        orthancId,
        sopInstanceUid:
          series.instances.find((instance) => instance.orthancId === orthancId)?.sopInstanceUid ?? "",
        dataSet,
      })),
      readFrame: (orthancId, frameIndex, format) => {
        const instance = series.instances.find((candidate) => candidate.orthancId === orthancId);
        if (instance === undefined) throw new TypeError("a frame of another series was asked for");
        return images.readFrame(instance, frameIndex, format);
      },
      ...rest,
    });
  };
  const analyse: Analyser = (analysis, series, instances, progress, signal) =>
    look(analysis, series, instances, {
      createdAt: analysis.queuedAt,
      summaryImage: config.NEURONOVA_SUMMARY_IMAGE === "on",
      progress,
      signal,
    });
  const answering = {
    state,
    store: directInference,
    describe: (instance: InstanceRow) => archive.describeInstance(instance.orthancId),
    analyse: ((inference, series, instances, signal) =>
      look({ ...inference, shadow: false }, series, instances, {
        createdAt: inference.createdAt,
        // A single image is looked at for what it is: whoever asks knows that it is no series.
        direct: { id: inference.id, minimumSlices: inference.sopInstanceUid === null ? undefined : 1 },
        signal,
      })) satisfies DirectAnalyser,
  };
  const forget = (orthancId: OrthancId) =>
    forgetInstance(orthancId, { state, stableAfterSeconds: config.NEURONOVA_STABLE_AFTER_SECONDS });
  const keep: RunAnalysisDependencies["keep"] = (analysis, outcome) =>
    config.NEURONOVA_REVIEW_POLICY === "hold-for-review"
      ? holdResult(analysis, outcome, { archive, forget, held })
      : publishResult(outcome, { archive, forget });
  const discard = (id: number) => held.dropOthers(id, []);
  const resultSeries: RunAnalysisDependencies["resultSeries"] = ({ modelName, modelVersion }, source) =>
    resultSeriesUids({ ...source, modelName, modelVersion });
  const onResult: RunAnalysisDependencies["onResult"] = ({ analysis, series }) => {
    // Of what somebody asked for later, the arrival says nothing.
    if (analysis.requestedBy === null) metrics.pipeline.result(analysis.modelName, series.instances);
  };
  const dependencies = {
    ...{
      archive,
      state,
      images,
      analyse,
      keep,
      onResult,
      forget,
      discard,
      destinations,
      resultSeries,
      tracer,
    },
  };
  const ahead = new ReadAhead({
    read: state.read,
    images,
    applies: (series, instanceCount) => models.applicableTo(series, instanceCount).length > 0,
  });
  let receiving = false;
  const reading = repeat("read-ahead", LOOPS["read-ahead"].milliseconds, log, async (signal) => {
    receiving = (await ahead.round(signal)) > 0;
    return receiving ? { dueInMilliseconds: READ_AHEAD_MILLISECONDS } : "idle";
  });
  const running = new RunningAnalyses((ids) => state.read.cancelRequestedAmong(ids));
  const looking = repeat("canceled analyses", LOOPS["canceled analyses"].milliseconds, log, async () => {
    await running.look();
    return "idle";
  });
  onWake((topics) => {
    if (topics.has("analyses")) looking.wake();
    // Not for each image: while some come it looks by itself.
    if (topics.has("stability") && !receiving) reading.wake();
  });
  const workers = (["run-analysis", "run-large-analysis"] as const).map((step) =>
    startWorker(
      step,
      {
        async work({ key, stamp }, stopping) {
          const end = metrics.steps.startTimer({ step });
          await running
            .run(Number(key), stopping, (signal) => runAnalysis(Number(key), stamp, dependencies, signal))
            .then(
              () => end({ outcome: "done" }),
              (error: unknown) => {
                end({ outcome: "fault" });
                throw error;
              },
            );
        },
        giveUp: ({ key, stamp }, error) => failAnalysis(Number(key), stamp, error, dependencies),
      },
      workerConnection(),
      log,
    ),
  );
  const answers = startWorker(
    "answer-inference",
    {
      async work({ key }, signal) {
        const end = metrics.steps.startTimer({ step: "answer-inference" });
        await runInference(key, answering, signal).then(
          () => end({ outcome: "done" }),
          (error: unknown) => {
            end({ outcome: "fault" });
            throw error;
          },
        );
      },
      giveUp: ({ key }, error) => failInference(key, error, directInference),
    },
    workerConnection(),
    log,
  );
  const reviews = startReviews(
    {
      ...{ archive, state, held, forget, destinations, tracer },
      rejectedResults: config.NEURONOVA_REJECTED_RESULTS,
      correct: correctResult({
        archive: { dataSet: archive.dataSet.bind(archive), readFrame },
        held,
        findModel: (name, version) => models.find(name, version),
      }),
    },
    connections,
    metrics,
    log,
  );
  return {
    engines: () => engines.report(),
    checks: () => engines.checks(),
    async stop() {
      await Promise.all([reading, looking, answers, reviews, ...workers].map((part) => part.stop()));
      await Promise.all([engines.close(), decoder.close()]);
    },
  };
}

/** Of an inference server whose model does not say how long it takes. */
const SERVER_TIMEOUT_MILLISECONDS = 30_000;

function openEngines(config: Config, models: ModelShelf): Engines {
  const threads = config.NEURONOVA_INFERENCE_THREADS;
  return new Engines({
    threads,
    models: () => models.all(),
    connect: (name, { url, timeoutMilliseconds = SERVER_TIMEOUT_MILLISECONDS }) => {
      const setting = config.NEURONOVA_INFERENCE_SERVERS[name];
      return new HttpInferenceServer({
        url: setting?.url ?? url,
        token: setting?.token,
        ca: setting?.ca,
        timeoutMilliseconds,
        resetMilliseconds: config.NEURONOVA_BREAKER_RESET_SECONDS * 1_000,
        connections: threads,
      });
    },
  });
}
