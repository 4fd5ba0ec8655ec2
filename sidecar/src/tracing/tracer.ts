import type { SpanAttributes } from "./attributes.js";
import type { TraceContext } from "./trace-context.js";

export interface SpanStart {
  /** What it is a child of; what is active unless told, and else a trace begins. */
  readonly parent?: TraceContext | undefined;
  /** What it belongs to beside its parent. */
  readonly links?: readonly TraceContext[];
  readonly kind?: "server" | "client" | "producer" | "consumer";
  readonly attributes?: SpanAttributes;
  readonly startedAt?: Date | undefined;
  /** It begins a trace with these ids; whether it is recorded is decided here all the same. */
  readonly ids?: TraceContext;
}

/** A piece of work in a trace. One that is never ended is never told of. */
export interface Span {
  /** For what follows from it. */
  readonly context: TraceContext;
  note(attributes: SpanAttributes): void;
  /** @param error what it failed with; only its code is told */
  end(error?: unknown): void;
}

/** Makes spans and brings them to a collector. Nobody waits for it, and nothing fails of it. */
export interface Tracer {
  /** @returns undefined where there is no collector */
  begin(name: string, start?: SpanStart): Span | undefined;
  /** Brings what there is, within a bound. */
  stop(): Promise<void>;
}

/** Without a collector there are no traces. */
export const NO_TRACER: Tracer = { begin: () => undefined, stop: () => Promise.resolve() };
