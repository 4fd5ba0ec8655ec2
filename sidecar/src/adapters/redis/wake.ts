import { setTimeout as after } from "node:timers/promises";
import type { Redis } from "ioredis";

const CHANNEL = "neuronova:wake";

/** Wakes within this time after one that was sent go together at its end. */
const PACE_MILLISECONDS = 20;

/** For so long a process that ends waits for Redis to take its last wakes. */
const END_MILLISECONDS = 1_000;

/** Tells other processes that something is there for them. Lossy by nature: everybody also looks by themselves. */
export class WakeChannel {
  private pacing: NodeJS.Timeout | undefined;
  private readonly waiting = new Set<string>();
  /** Settles when Redis has what was sent last. */
  private sent: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly publisher: Redis,
    private readonly subscriber: Redis,
  ) {
    publisher.on("ready", () => this.send());
  }

  /** @param topics which loops to wake */
  publish(topics: Iterable<string>): void {
    for (const topic of topics) this.waiting.add(topic);
    if (this.pacing === undefined) this.send();
  }

  /** Sends what waits; without a connection it goes on waiting for one. */
  private send(): void {
    if (this.waiting.size === 0 || this.publisher.status !== "ready") return;
    this.sent = this.publisher.publish(CHANNEL, [...this.waiting].join(",")).catch(() => undefined);
    this.waiting.clear();
    clearTimeout(this.pacing);
    this.pacing = setTimeout(() => {
      this.pacing = undefined;
      this.send();
    }, PACE_MILLISECONDS).unref();
  }

  /** Sends what still waits, before the connections are closed: a command may end right after its change. */
  async end(): Promise<void> {
    const enough = new AbortController();
    const late = after(END_MILLISECONDS, undefined, { signal: enough.signal }).catch(() => undefined);
    if (this.waiting.size > 0 && this.publisher.status !== "ready")
      await Promise.race([new Promise((resolve) => this.publisher.once("ready", resolve)), late]);
    this.send();
    // Answered in the order it was sent: what went before is there too.
    await Promise.race([this.sent, late]);
    enough.abort();
    clearTimeout(this.pacing);
  }

  async subscribe(listener: (topics: ReadonlySet<string>) => void): Promise<void> {
    this.subscriber.on("message", (channel: string, message: string) => {
      if (channel === CHANNEL) listener(new Set(message.split(",")));
    });
    await this.subscriber.subscribe(CHANNEL);
  }
}
