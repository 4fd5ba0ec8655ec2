import { ApiError } from "../error-response.js";
import type { JobQueue } from "../pipeline/job-queue.js";
import type { InferenceRow, InferenceStore, NewInference } from "./inference-store.js";

/** Questions that may be open at the same time. */
const MOST_OF_ONE = 4;
const MOST_OF_ALL = 64;
/** The safety net under the wake-up. */
const LOOK_MILLISECONDS = 500;

export interface AnswersDependencies {
  readonly store: InferenceStore;
  readonly queue: JobQueue;
  readonly onWake: (listener: (topics: ReadonlySet<string>) => void) => unknown;
}

/** Puts questions to models and waits for their answers. */
export class Answers {
  private readonly waiting = new Set<() => void>();

  constructor(private readonly dependencies: AnswersDependencies) {
    dependencies.onWake((topics) => {
      if (topics.has("inference")) for (const look of [...this.waiting]) look();
    });
  }

  /** @throws ApiError 429 `too-many-requests`, 503 `inference-busy` */
  async ask(inference: NewInference): Promise<void> {
    const { store, queue } = this.dependencies;
    const { all, own } = await store.unfinished(inference.requestedBy);
    if (own >= MOST_OF_ONE)
      throw new ApiError(429, "too-many-requests", `You are waiting for ${own} answers already.`, {
        "Retry-After": "5",
      });
    if (all >= MOST_OF_ALL)
      throw new ApiError(503, "inference-busy", "Too many questions wait for an answer.", {
        "Retry-After": "10",
      });
    await store.create(inference);
    // A queue that does not answer is filled by the refill later.
    await queue.add([inferenceJob(inference.id)]).catch(() => undefined);
  }

  /** The question with its answer, or without when it takes longer than one wants to wait. */
  async within(id: string, milliseconds: number, signal: AbortSignal): Promise<InferenceRow | null> {
    const until = performance.now() + milliseconds;
    for (;;) {
      const row = await this.dependencies.store.find(id);
      const left = until - performance.now();
      if (row?.state !== "queued" || left <= 0 || signal.aborted) return row;
      await this.wakeOr(Math.min(left, LOOK_MILLISECONDS));
    }
  }

  private wakeOr(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer);
        this.waiting.delete(done);
        resolve();
      };
      const timer = setTimeout(done, milliseconds);
      this.waiting.add(done);
    });
  }
}

export function inferenceJob(id: string) {
  return { step: "answer-inference", key: id, stamp: "asked" } as const;
}
