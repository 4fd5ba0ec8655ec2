import type { DestinationName, MessageKind } from "./message.js";

/** How far a destination is with one subject. */
export interface Synchronisation {
  readonly destination: DestinationName;
  readonly state: "waiting" | "synchronised" | "failed";
  /** ISO 8601: when it was brought there last, if ever. */
  readonly synchronisedAt?: string;
  /** ISO 8601: when the oldest change that waits was made. */
  readonly waitingSince?: string;
  /** Of the change that failed. */
  readonly code?: string;
  readonly reason?: string;
}

/** For those who show a record: where it has got to. */
export interface SynchronisationReads {
  /** By subject; one that no message was ever about is not in the answer. */
  synchronisation(kind: MessageKind, subjects: readonly string[]): Promise<Map<string, Synchronisation[]>>;
}
