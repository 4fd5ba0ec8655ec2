import type { NewEvent } from "../state/events.js";
import type { FhirResourceKey } from "../state/fhir-resource-key.js";
import type { TraceContext } from "../tracing/trace-context.js";
import type { DestinationName, MessageKind } from "./message.js";

export interface OutboxMessage {
  readonly id: number;
  readonly aggregate: string;
  readonly kind: MessageKind;
  readonly subject: string;
  /** Those that failed for the message's own sake; what an outage costs is not counted. */
  readonly attempts: number;
  readonly ageMilliseconds: number;
  /** The trace it belongs to, as W3C Trace Context writes it; null or absent when it is of none. */
  readonly traceparent?: string | null;
}

/** Who takes messages, of what, and how long the hold lasts without being renewed. */
export interface Holder {
  readonly destination: DestinationName;
  readonly owner: string;
  readonly leaseSeconds: number;
}

export interface ClaimLimits {
  readonly aggregates: number;
  readonly messages: number;
  /** For a probe: the message that failed least, so that one that never succeeds keeps no destination shut. */
  readonly leastTriedFirst: boolean;
  /** Of this aggregate, or nothing. */
  readonly only?: string | undefined;
}

/** Messages about one subject, settled together. */
export interface Write {
  readonly aggregate: string;
  readonly kind: MessageKind;
  readonly subject: string;
  readonly ids: readonly number[];
  readonly attempts: number;
  readonly oldestMilliseconds: number;
  /** Those that the messages belong to, the newest last. */
  readonly traces: readonly TraceContext[];
}

export interface MessageFault {
  readonly code: string;
  readonly reason: string;
  readonly outcome?: string | undefined;
}

export interface Backlog {
  readonly destination: DestinationName;
  readonly pending: number;
  readonly failed: number;
  readonly oldestSeconds: number;
}

/** The outbox table as delivery sees it. */
export interface OutboxStore {
  /**
   * Leases aggregates whose messages have been due longest, passing over those others hold, and gives all that waits of
   * them, in the order it was written. A lease that its holder (a killed process) does not renew ends by itself.
   */
  claim(holder: Holder, limits: ClaimLimits): Promise<OutboxMessage[]>;
  /** Until the first message is due, not above 0 when one is that nobody may take yet; null: nothing waits. */
  millisecondsToNext(destination: DestinationName): Promise<number | null>;
  /** Prolongs the leases; answers the aggregates that are still held. */
  renew(holder: Holder): Promise<Set<string>>;
  release(holder: Holder): Promise<void>;
  /**
   * Ends the messages, and failed ones of the same subjects that they supersede. What was written without the lease, by
   * a process that slept too long, may be older than what others wrote since: its subject gets another message.
   */
  delivered(
    holder: Holder,
    writes: readonly Write[],
    resources: readonly FhirResourceKey[],
    events: readonly NewEvent[],
  ): Promise<void>;
  /** @param tried the messages whose attempt counts */
  postpone(
    ids: readonly number[],
    tried: readonly number[],
    delayMilliseconds: number,
    fault: MessageFault,
  ): Promise<void>;
  fail(ids: readonly number[], fault: MessageFault, event: NewEvent | null): Promise<void>;
  /** Whether the destination took a message of another aggregate since one of these was tried last. */
  othersDelivered(holder: Holder, write: Write): Promise<boolean>;
  /** Nothing waits for its time any more: the destination is back. */
  makeDue(destination: DestinationName): Promise<void>;
  backlog(): Promise<Backlog[]>;
  /** Removes some of what ended so long ago; answers how many. */
  prune(endedBeforeDays: number, most: number): Promise<number>;
}
