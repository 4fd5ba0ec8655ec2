import { withTrace } from "../tracing/active-trace.js";
import type { Tracer } from "../tracing/tracer.js";
import type { DestinationName } from "./message.js";
import type { Write } from "./outbox-store.js";

/**
 * Delivers writes as a span in the trace of each: the requests are of the first's, and the others point to it. Messages
 * of no trace, such as rows of the audit trail, begin none.
 */
export async function tracedDelivery<T>(
  tracer: Tracer,
  destination: DestinationName,
  writes: readonly Pick<Write, "kind" | "subject" | "attempts" | "traces">[],
  deliver: () => Promise<T>,
): Promise<T> {
  const spans = [];
  for (const { kind, subject, attempts, traces } of writes) {
    const parent = traces.at(-1);
    if (parent === undefined) continue;
    const [first] = spans;
    const span = tracer.begin(`deliver-${destination}`, {
      parent,
      links: [...(first === undefined ? [] : [first.context]), ...traces.slice(0, -1)],
      kind: "consumer",
      attributes: {
        "neuronova.resource": kind,
        "neuronova.attempt": attempts + 1,
        ...(kind === "study" ? { "orthanc.study": subject } : {}),
      },
    });
    if (span !== undefined) spans.push(span);
  }
  try {
    const delivered = await withTrace(spans[0]?.context, deliver);
    for (const span of spans) span.end();
    return delivered;
  } catch (error) {
    for (const span of spans) span.end(error);
    throw error;
  }
}
