/** Whom an analysis is canceled by, as its signal's reason. */
export class AnalysisCanceled extends Error {
  override readonly name = "AnalysisCanceled";
  readonly retryable = false;
}

/** The analyses that this process is working on, and whether somebody wants one of them to end. */
export class RunningAnalyses {
  private readonly running = new Map<number, AbortController>();

  constructor(private readonly cancelRequestedAmong: (ids: readonly number[]) => Promise<number[]>) {}

  /** Does the work with a signal that aborts with {@link AnalysisCanceled} when somebody cancels it. */
  async run<T>(id: number, stopping: AbortSignal, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const canceling = new AbortController();
    this.running.set(id, canceling);
    try {
      return await work(AbortSignal.any([stopping, canceling.signal]));
    } finally {
      if (this.running.get(id) === canceling) this.running.delete(id);
    }
  }

  /** Looks whether somebody cancels one. @throws what the look throws */
  async look(): Promise<void> {
    for (const id of await this.cancelRequestedAmong([...this.running.keys()]))
      this.running.get(id)?.abort(new AnalysisCanceled("the analysis was canceled"));
  }
}
