import type { Logger } from "../log.js";
import type { FhirResourceKey } from "../state/fhir-resource-key.js";
import type { Tracer } from "../tracing/tracer.js";
import type { Breaker } from "./breaker.js";
import type { GroupSize } from "./group-size.js";
import type { DestinationName, MessageKind } from "./message.js";
import type { Holder, OutboxStore } from "./outbox-store.js";

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
  readonly groupSize: GroupSize;
  readonly tracer: Tracer;
  readonly log: Logger;
  /** Told when messages were taken: others may look for more. */
  readonly onClaimed?: () => void;
  /** Told how long each message waited. */
  readonly onDelivered?: (seconds: number) => void;
}
