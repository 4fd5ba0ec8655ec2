import type { DestinationName, MessageKind, MessageState } from "./message.js";

/** A message as a person sees it. */
export interface Letter {
  readonly id: number;
  readonly destination: DestinationName;
  readonly kind: MessageKind;
  readonly subject: string;
  readonly state: MessageState;
  readonly attempts: number;
  /** Of the last fault. */
  readonly code: string | null;
  readonly reason: string | null;
  readonly createdAt: Date;
  readonly nextAttemptAt: Date | null;
  readonly failedAt: Date | null;
  readonly dropReason: string | null;
}

/** With what the destination answered, in its own words: it may repeat patient data. */
export interface OpenedLetter extends Letter {
  readonly outcome: string | null;
}

export interface LetterFilter {
  readonly destination?: DestinationName | undefined;
  readonly kind?: MessageKind | undefined;
  readonly code?: string | undefined;
}

export interface LetterCount {
  readonly destination: DestinationName;
  readonly kind: MessageKind;
  readonly code: string;
  readonly count: number;
}

/** Messages that failed or wait, for the people who look after them. */
export interface DeadLetters {
  /** Those after the id, in order. */
  list(state: "failed" | "pending", filter: LetterFilter, after: number, limit: number): Promise<Letter[]>;
  counts(state: "failed" | "pending"): Promise<LetterCount[]>;
  open(id: number): Promise<OpenedLetter | null>;
  /** Failed messages wait again and are delivered at once, as their subjects are now; answers how many. */
  replay(filter: LetterFilter & { readonly id?: number }): Promise<number>;
  /** A failed message is given up; false when there is none. */
  drop(id: number, reason: string): Promise<boolean>;
}
