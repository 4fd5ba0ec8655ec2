import { TraceFlags } from "@opentelemetry/api";
import type { ReadableSpan, SpanExporter, SpanProcessor } from "@opentelemetry/sdk-trace";

export type SpanFate = "exported" | "dropped";

export interface QueueLimits {
  /** Spans that wait; further ones are dropped. */
  readonly most: number;
  /** Spans of one request. */
  readonly batch: number;
  /** How long one that came alone waits for others. */
  readonly paceMilliseconds: number;
  /** What has not left by then when the process ends is dropped. */
  readonly stopMilliseconds: number;
}

/** Every OTLP exporter of the SDK answers 0 for success. */
const SUCCESS = 0;

/**
 * Spans on their way to the collector: one request at a time, the rest waits in memory up to a bound. Whoever ends a
 * span waits for nothing. (The SDK's own processor drops without saying how many.)
 */
export class SpanQueue implements SpanProcessor {
  private waiting: ReadableSpan[] = [];
  private timer: NodeJS.Timeout | undefined;
  private sending: Promise<void> | undefined;
  private stopped = false;

  constructor(
    private readonly exporter: SpanExporter,
    private readonly count: (fate: SpanFate, spans: number) => void,
    private readonly limits: QueueLimits,
  ) {}

  onStart(): void {
    // A span is told of when it ends.
  }

  onEnd(span: ReadableSpan): void {
    if ((span.spanContext().traceFlags & TraceFlags.SAMPLED) === 0) return;
    if (this.stopped || this.waiting.length >= this.limits.most) {
      this.count("dropped", 1);
      return;
    }
    this.waiting.push(span);
    this.arrange();
  }

  async forceFlush(): Promise<void> {
    while (this.waiting.length > 0 || this.sending !== undefined) await (this.sending ?? this.send());
  }

  async shutdown(): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const bound = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, this.limits.stopMilliseconds);
    });
    await Promise.race([this.forceFlush(), bound]);
    clearTimeout(timer);
    clearTimeout(this.timer);
    this.stopped = true;
    this.count("dropped", this.waiting.length);
    this.waiting = [];
  }

  private arrange(): void {
    if (this.sending !== undefined || this.stopped) return;
    if (this.waiting.length >= this.limits.batch) void this.send();
    else this.timer ??= setTimeout(() => void this.send(), this.limits.paceMilliseconds).unref();
  }

  private send(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    const batch = this.waiting.splice(0, this.limits.batch);
    if (batch.length === 0) return Promise.resolve();
    this.sending = this.exported(batch).then((taken) => {
      this.sending = undefined;
      this.count(taken ? "exported" : "dropped", batch.length);
      if (this.waiting.length > 0) this.arrange();
    });
    return this.sending;
  }

  private exported(batch: ReadableSpan[]): Promise<boolean> {
    return new Promise((resolve) => {
      try {
        this.exporter.export(batch, ({ code }) => resolve((code as number) === SUCCESS));
      } catch {
        resolve(false);
      }
    });
  }
}
