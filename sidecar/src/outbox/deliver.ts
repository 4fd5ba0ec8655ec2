import type { Logger } from "../log.js";
import type { Outcome } from "../pipeline/repeat.js";
import type { FhirResourceKey } from "../state/state.js";
import type { Breaker } from "./breaker.js";
import { DestinationAway } from "./breaker.js";
import { deliverWrites } from "./deliver-writes.js";
import { holdLeases } from "./hold-leases.js";
import type { DestinationName, MessageKind } from "./message.js";
import type { Holder, OutboxMessage, OutboxStore, Write } from "./outbox-store.js";

export interface Subject {
  readonly kind: MessageKind;
  readonly subject: string;
}

/** What it takes to bring subjects, as they are now, to a destination. */
export interface Destination {
  readonly name: DestinationName;
  /** Whether subjects of this kind may be written several at a time. */
  grouped(kind: MessageKind): boolean;
  /**
   * Writes all of the subjects or none; those that are gone are passed over. Repeating it changes nothing.
   * @returns what was written, and the study that each subject synchronises, if any
   * @throws an error as described by DeliveryFault
   */
  write(
    subjects: readonly Subject[],
    signal: AbortSignal,
  ): Promise<{
    readonly resources: readonly FhirResourceKey[];
    readonly studyInstanceUids: readonly (string | null)[];
  }>;
  studyInstanceUid(subject: Subject): Promise<string | null>;
  /** Whether it answers at all. */
  ping(): Promise<void>;
}

export interface DeliveryDependencies {
  readonly outbox: OutboxStore;
  readonly destination: Destination;
  readonly breaker: Breaker;
  readonly holder: Holder;
  readonly log: Logger;
  /** Told how long each message waited. */
  readonly onDelivered?: (seconds: number) => void;
}

const MOST_AGGREGATES = 12;
const MOST_MESSAGES = 200;

/**
 * Delivers what is due of some aggregates, in order within each. Messages about the same subject are one write: the
 * newest state wins.
 */
export async function deliverNext(dependencies: DeliveryDependencies, stop: AbortSignal): Promise<Outcome> {
  const { outbox, breaker, holder } = dependencies;
  const pass = breaker.pass();
  if (pass !== "all" && pass !== "probe") return pass;
  const probing = pass === "probe";
  const messages = await outbox.claim(holder, {
    aggregates: probing ? 1 : MOST_AGGREGATES,
    messages: MOST_MESSAGES,
    leastTriedFirst: probing,
  });
  if (messages.length === 0) return "idle";
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
  for (const { id, aggregate, kind, subject, attempts, ageMilliseconds } of messages) {
    const key = `${aggregate} ${kind} ${subject}`;
    const known = writes.get(key);
    writes.set(key, {
      aggregate,
      kind,
      subject,
      ids: [...(known?.ids ?? []), id],
      attempts: Math.max(known?.attempts ?? 0, attempts),
      oldestMilliseconds: Math.max(known?.oldestMilliseconds ?? 0, ageMilliseconds),
    });
  }
  return [...writes.values()];
}
