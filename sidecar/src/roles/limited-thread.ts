import { fileURLToPath } from "node:url";
import { Piscina } from "piscina";
import { Turns } from "../pipeline/turns.js";

const IDLE_MILLISECONDS = 30_000;

export interface LimitedThreadOptions {
  /** The compiled worker, whose functions are the work. */
  readonly worker: URL;
  /** Of one piece of work, its waiting apart. */
  readonly longestMilliseconds: number;
  /** More is refused. */
  readonly mostWaiting: number;
}

/** Work that took longer than it may. */
export class ThreadLimitError extends Error {
  override readonly name = "ThreadLimitError";
}

/**
 * One thread, which is there while it is needed, for work that may never end: decoders that are shown broken bytes loop
 * for ever on some of them. What takes too long is given up, and the thread with it; the next piece of work has a new one.
 */
export class LimitedThread {
  private readonly turns = new Turns(1);
  private readonly pool: Piscina;

  constructor(private readonly options: LimitedThreadOptions) {
    this.pool = new Piscina({
      filename: fileURLToPath(options.worker),
      minThreads: 0,
      maxThreads: 1,
      idleTimeout: IDLE_MILLISECONDS,
    });
  }

  /**
   * @param name of the worker's function
   * @throws ThreadLimitError when it takes too long
   */
  async run<T>(name: string, task: unknown, transferList: ArrayBuffer[] = []): Promise<T> {
    const { longestMilliseconds, mostWaiting } = this.options;
    if (this.turns.queued >= mostWaiting) throw new Error(`${mostWaiting} pieces of work wait already`);
    return this.turns.run(async () => {
      const signal = AbortSignal.timeout(longestMilliseconds);
      try {
        return (await this.pool.run(task, { name, signal, transferList })) as T;
      } catch (error) {
        throw signal.aborted
          ? new ThreadLimitError(`${name} took more than ${longestMilliseconds / 1_000} s`)
          : error;
      }
    });
  }

  close(): Promise<void> {
    return this.pool.close();
  }
}
