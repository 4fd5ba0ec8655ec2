import type { InstanceRow } from "../state/records.js";
import { readTraceparent, type TraceContext } from "../tracing/trace-context.js";

/**
 * A series follows from all of its instances, and a span has one parent: the instance that arrived last, which it was
 * waited for. The traces of the others are linked, the newest first.
 */
export function seriesTrace(instances: readonly Pick<InstanceRow, "arrivedAt" | "traceparent">[]): {
  readonly parent: TraceContext | undefined;
  readonly links: readonly TraceContext[];
} {
  const [parent, ...links] = [...instances]
    .sort((a, b) => b.arrivedAt.getTime() - a.arrivedAt.getTime())
    .flatMap(({ traceparent }) => readTraceparent(traceparent) ?? [])
    // One that is recorded, where there is any: it can be followed.
    .sort((a, b) => Number(b.sampled) - Number(a.sampled));
  return { parent, links };
}
