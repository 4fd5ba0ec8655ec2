import type { Redis } from "ioredis";

const CHANNEL = "neuronova:wake";

/** Wakes within this time after one that was sent go together at its end. */
const PACE_MILLISECONDS = 20;

/** Tells other processes that something is there for them. Lossy by nature: everybody also looks by themselves. */
export class WakeChannel {
  private pacing: NodeJS.Timeout | undefined;
  private readonly waiting = new Set<string>();

  constructor(
    private readonly publisher: Redis,
    private readonly subscriber: Redis,
  ) {}

  /** @param topics which loops to wake */
  publish(topics: Iterable<string>): void {
    for (const topic of topics) this.waiting.add(topic);
    if (this.pacing === undefined) this.send();
  }

  private send(): void {
    this.pacing = undefined;
    if (this.waiting.size === 0) return;
    if (this.publisher.status === "ready")
      this.publisher.publish(CHANNEL, [...this.waiting].join(",")).catch(() => undefined);
    this.waiting.clear();
    this.pacing = setTimeout(() => this.send(), PACE_MILLISECONDS).unref();
  }

  async subscribe(listener: (topics: ReadonlySet<string>) => void): Promise<void> {
    this.subscriber.on("message", (channel: string, message: string) => {
      if (channel === CHANNEL) listener(new Set(message.split(",")));
    });
    await this.subscriber.subscribe(CHANNEL);
  }
}
