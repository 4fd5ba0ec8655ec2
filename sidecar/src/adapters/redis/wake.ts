import type { Redis } from "ioredis";

const CHANNEL = "neuronova:wake";

/** Tells other processes that something is there for them. Lossy by nature: everybody also looks by themselves. */
export class WakeChannel {
  constructor(
    private readonly publisher: Redis,
    private readonly subscriber: Redis,
  ) {}

  /** @param topics which loops to wake */
  publish(topics: Iterable<string>): void {
    if (this.publisher.status !== "ready") return;
    this.publisher.publish(CHANNEL, [...topics].join(",")).catch(() => undefined);
  }

  async subscribe(listener: (topics: ReadonlySet<string>) => void): Promise<void> {
    this.subscriber.on("message", (channel: string, message: string) => {
      if (channel === CHANNEL) listener(new Set(message.split(",")));
    });
    await this.subscriber.subscribe(CHANNEL);
  }
}
