import { withTrace } from "./active-trace.js";
import type { TraceContext } from "./trace-context.js";
import type { Span, SpanStart, Tracer } from "./tracer.js";

/** What failed in which trace, for those who log or record it afterwards. */
const traces = new WeakMap<object, TraceContext>();

/** Does the work as a span: it ends when the work does, and with the work's fault. */
export async function traced<T>(
  tracer: Tracer,
  name: string,
  start: SpanStart,
  work: (span: Span | undefined) => Promise<T>,
): Promise<T> {
  const span = tracer.begin(name, start);
  if (span === undefined) return work(undefined);
  try {
    const result = await withTrace(span.context, () => work(span));
    span.end();
    return result;
  } catch (error) {
    // The outermost span of the fault is the one that it is recorded under.
    if (typeof error === "object" && error !== null) traces.set(error, span.context);
    span.end(error);
    throw error;
  }
}

/** Does what follows from a fault in the trace that it happened in. */
export function withTraceOf<T>(error: unknown, work: () => T): T {
  return withTrace(typeof error === "object" && error !== null ? traces.get(error) : undefined, work);
}
