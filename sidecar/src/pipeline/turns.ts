interface Waiting {
  readonly begin: () => void;
}

/**
 * So much work at a time, the rest waits in the order of its coming. Whoever waits holds a promise and nothing else:
 * what the work is about is copied when its turn comes.
 */
export class Turns {
  private running = 0;
  private readonly waiting = new Set<Waiting>();

  constructor(private readonly atOnce: number) {}

  /** How many wait. */
  get queued(): number {
    return this.waiting.size;
  }

  /**
   * Does the work when its turn comes.
   * @throws the signal's reason as soon as it aborts while waiting; the work is not begun then
   */
  async run<T>(work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    signal?.throwIfAborted();
    if (this.running < this.atOnce) this.running++;
    else await this.turn(signal);
    try {
      return await work();
    } finally {
      this.next();
    }
  }

  private turn(signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      const leave = () => {
        this.waiting.delete(place);
        reject(signal?.reason as Error);
      };
      const place: Waiting = {
        begin: () => {
          signal?.removeEventListener("abort", leave);
          resolve();
        },
      };
      signal?.addEventListener("abort", leave, { once: true });
      this.waiting.add(place);
    });
  }

  /** The turn goes to whoever came first; `running` stays what it is then. */
  private next(): void {
    const [first] = this.waiting;
    if (first === undefined) {
      this.running--;
      return;
    }
    this.waiting.delete(first);
    first.begin();
  }
}
