import type { Outcome } from "../pipeline/repeat.js";
import { DestinationAway } from "./breaker.js";
import { deliverWrites } from "./deliver-writes.js";
import type { DeliveryDependencies } from "./destination.js";
import { holdLeases } from "./hold-leases.js";
import { readTraceparent } from "../tracing/trace-context.js";
import type { OutboxMessage, Write } from "./outbox-store.js";

const MOST_AGGREGATES = 12;
const MOST_MESSAGES = 200;

/**
 * Delivers what is due of some aggregates, in order within each. Messages about the same subject are one write: the
 * newest state wins.
 * @param only this aggregate's, or nothing
 */
export async function deliverNext(
  dependencies: DeliveryDependencies,
  stop: AbortSignal,
  only?: string,
): Promise<Outcome> {
  const { outbox, breaker, holder, groupSize } = dependencies;
  const pass = breaker.pass();
  if (pass !== "all" && pass !== "probe") return pass;
  const probing = pass === "probe";
  const messages = await outbox.claim(holder, {
    aggregates: probing ? 1 : Math.min(MOST_AGGREGATES, groupSize.most),
    messages: MOST_MESSAGES,
    leastTriedFirst: probing,
    only,
  });
  if (messages.length === 0) return "idle";
  dependencies.onClaimed?.();
  const writes = bySubject(messages);
  const lease = holdLeases(outbox, holder, new Set(messages.map(({ aggregate }) => aggregate)));
  try {
    const signal = AbortSignal.any([stop, lease.lost]);
    await deliverWrites(probing ? writes.slice(0, 1) : writes, writes, dependencies, signal);
  } catch (error) {
    if (!(error instanceof DestinationAway)) throw error;
  } finally {
    await lease.end();
    await outbox.release(holder);
  }
  const next = breaker.pass();
  return next === "all" || next === "probe" ? "more" : next;
}

function bySubject(messages: readonly OutboxMessage[]): Write[] {
  const writes = new Map<string, Write>();
  for (const { id, aggregate, kind, subject, attempts, ageMilliseconds, traceparent } of messages) {
    const key = `${aggregate} ${kind} ${subject}`;
    const known = writes.get(key);
    const trace = readTraceparent(traceparent);
    writes.set(key, {
      aggregate,
      kind,
      subject,
      ids: [...(known?.ids ?? []), id],
      attempts: Math.max(known?.attempts ?? 0, attempts),
      oldestMilliseconds: Math.max(known?.oldestMilliseconds ?? 0, ageMilliseconds),
      traces: [...(known?.traces ?? []), ...(trace === undefined ? [] : [trace])],
    });
  }
  return [...writes.values()];
}
