import { AsyncLocalStorage } from "node:async_hooks";
import { writeTraceparent, type TraceContext } from "./trace-context.js";

const active = new AsyncLocalStorage<TraceContext>();

/** Does the work, and all that it waits for, as part of a trace. */
export function withTrace<T>(context: TraceContext | undefined, work: () => T): T {
  return context === undefined ? work() : active.run(context, work);
}

/** Of the work that is being done; undefined when it is of no trace. */
export function activeTrace(): TraceContext | undefined {
  return active.getStore();
}

/** For the column of what follows from the work that is being done. */
export function activeTraceparent(): string | null {
  const context = active.getStore();
  return context === undefined ? null : writeTraceparent(context);
}

/** For requests to other programs: ids, and nothing else. */
export function traceHeaders(): Readonly<Record<string, string>> {
  const traceparent = activeTraceparent();
  return traceparent === null ? {} : { traceparent };
}
