import { RandomIdGenerator, type IdGenerator } from "@opentelemetry/sdk-trace";
import type { TraceContext } from "../../tracing/trace-context.js";

/** Random ids, but for the one span that is begun with ids of its own. */
export class ChosenIds implements IdGenerator {
  private readonly random = new RandomIdGenerator();
  private chosen: TraceContext | undefined;

  /** Begins a span without a parent; the SDK asks for its ids before it returns. */
  with<T>(ids: TraceContext | undefined, begin: () => T): T {
    this.chosen = ids;
    try {
      return begin();
    } finally {
      this.chosen = undefined;
    }
  }

  generateTraceId(): string {
    return this.chosen?.traceId ?? this.random.generateTraceId();
  }

  generateSpanId(): string {
    return this.chosen?.spanId ?? this.random.generateSpanId();
  }
}
