import type { NewEvent } from "../state/events.js";
import type { FhirResourceKey } from "../state/state.js";

export interface OutboxMessage {
  readonly id: number;
  readonly kind: "study" | "analysis" | "audit";
  readonly subject: string;
  readonly attempts: number;
}

/** All that is due for one aggregate, held under a lease. */
export interface Claim {
  readonly aggregate: string;
  /** In the order they were written. */
  readonly messages: readonly OutboxMessage[];
}

/** The outbox table as delivery sees it. */
export interface OutboxStore {
  /**
   * Leases the aggregate whose message has been due longest, passing over those others hold. A lease that its holder
   * (a killed process) does not give back ends by itself.
   */
  claim(destination: string, owner: string, leaseSeconds: number): Promise<Claim | null>;
  release(destination: string, aggregate: string, owner: string): Promise<void>;
  delivered(
    messageIds: readonly number[],
    resources: readonly FhirResourceKey[],
    event: NewEvent | null,
  ): Promise<void>;
  postpone(messageIds: readonly number[], delayMilliseconds: number, error: string): Promise<void>;
  fail(messageIds: readonly number[], error: string, event: NewEvent | null): Promise<void>;
  /** Messages waiting, and seconds the oldest has waited. */
  backlog(destination: string): Promise<{ pending: number; failed: number; oldestSeconds: number }>;
}
