import type { Job as BullJob, Queue } from "bullmq";
import type { Redis } from "ioredis";
import type { Logger } from "../../log.js";
import { backoffMilliseconds, isRetryable } from "../../pipeline/faults.js";
import type { Job, JobQueue } from "../../pipeline/job-queue.js";
import { withTraceOf } from "../../tracing/traced.js";
import { STEPS, STEP_NAMES, type Step, type StepName } from "../../pipeline/steps.js";
import { bullmq } from "./libraries.js";

const PREFIX = "neuronova";
/** A retryable fault is tried again for as long as it lasts: a person is called by metrics, not by a lost image. */
const FOREVER = 1_000_000;
const ADD_TIMEOUT_MILLISECONDS = 2_000;
const ANSWER_TIMEOUT_MILLISECONDS = 2_000;
/** Jobs without a priority go before all that have one. */
const BACKGROUND = { priority: 10 };

interface Payload {
  readonly key: string;
  readonly stamp: string;
}

/** The job queue on BullMQ. Jobs hold identifiers of resources, never patient data. */
export class BullQueue implements JobQueue {
  private readonly queues: ReadonlyMap<StepName, Queue<Payload>>;

  constructor(connection: Redis) {
    this.queues = new Map(
      STEP_NAMES.map((step) => [step, new bullmq.Queue<Payload>(step, { connection, prefix: PREFIX })]),
    );
    for (const queue of this.queues.values()) queue.on("error", () => undefined); // reported by readiness
  }

  async add(jobs: readonly Job[]): Promise<void> {
    for (const step of STEP_NAMES) {
      const wanted = jobs.filter((job) => job.step === step);
      if (wanted.length === 0) continue;
      const added = this.queues.get(step)?.addBulk(
        wanted.map(({ key, stamp, background, priority }) => ({
          name: step,
          data: { key, stamp },
          opts: {
            jobId: `${key}_${stamp}`,
            attempts: FOREVER,
            backoff: { type: "custom" },
            removeOnComplete: true,
            removeOnFail: true,
            ...(background === true ? BACKGROUND : {}),
            ...(priority === undefined ? {} : { priority }),
          },
        })),
      );
      // Commands wait while Redis is away; whoever adds must not.
      await within<unknown>(ADD_TIMEOUT_MILLISECONDS, added ?? Promise.resolve());
    }
  }

  async waitingInBackground(step: StepName): Promise<number> {
    const counted = this.queues.get(step)?.getJobCounts("prioritized") ?? Promise.resolve({});
    const counts: Record<string, number> = await within(ANSWER_TIMEOUT_MILLISECONDS, counted);
    return counts["prioritized"] ?? 0;
  }

  /** Jobs waiting, waiting in the background (prioritized), delayed and running, per step. */
  async depth(): Promise<Record<string, Record<string, number>>> {
    const entries = [...this.queues].map(
      async ([step, queue]) =>
        [step, await queue.getJobCounts("waiting", "prioritized", "active", "delayed")] as const,
    );
    return Object.fromEntries(await within(ANSWER_TIMEOUT_MILLISECONDS, Promise.all(entries)));
  }

  async close(): Promise<void> {
    await Promise.all([...this.queues.values()].map((queue) => queue.close()));
  }
}

export interface StepHandler {
  /** Does the job; idempotent. A fault with `retryable` says itself whether trying again can help. */
  readonly work: (job: Payload, signal: AbortSignal) => Promise<void>;
  /** Records that the job has failed for good. */
  readonly giveUp: (job: Payload, error: unknown) => Promise<void>;
}

/** A worker for one step. Jobs of a killed worker are taken over when its lock runs out. */
export function startWorker(
  step: StepName,
  { work, giveUp }: StepHandler,
  connection: Redis,
  log: Logger,
): { stop(): Promise<void> } {
  const { concurrency, lockSeconds, attemptsAtUnknownFault }: Step = STEPS[step];
  const stopping = new AbortController();
  const process = async (job: BullJob<Payload>): Promise<void> => {
    try {
      await work(job.data, stopping.signal);
    } catch (error) {
      await withTraceOf(error, () => failed(job, error));
    }
  };
  const failed = async (job: BullJob<Payload>, error: unknown): Promise<never> => {
    const retryable = isRetryable(error);
    if (retryable === false || (retryable === undefined && job.attemptsMade + 1 >= attemptsAtUnknownFault)) {
      log.error({ err: error, step, key: job.data.key }, "job failed for good");
      await giveUp(job.data, error);
      throw new bullmq.UnrecoverableError("failed for good; the state has the reason");
    }
    log.warn(
      { err: error, step, key: job.data.key, attempt: job.attemptsMade + 1 },
      "job will be tried again",
    );
    // Redis keeps it: it must not hold what the fault may hold.
    throw new Error("will be tried again");
  };
  const worker = new bullmq.Worker<Payload>(step, process, {
    connection,
    prefix: PREFIX,
    concurrency,
    lockDuration: lockSeconds * 1_000,
    stalledInterval: (lockSeconds * 1_000) / 2,
    maxStalledCount: FOREVER,
    drainDelay: 2,
    settings: { backoffStrategy: (attemptsMade) => backoffMilliseconds(attemptsMade) },
  });
  worker.on("error", () => undefined); // reported by readiness
  return {
    async stop() {
      stopping.abort();
      await worker.close();
    },
  };
}

async function within<T>(milliseconds: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error("Redis does not answer")), milliseconds);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
