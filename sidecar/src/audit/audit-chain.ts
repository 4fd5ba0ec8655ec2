import type { SealedRecord } from "./chain.js";
import type { Anchor } from "./verify.js";

/** The chain as the process that seals it sees it. */
export interface AuditChain {
  /**
   * Gives at most `limit` waiting rows, in the order they were added, the next places; several processes at once take
   * turns.
   * @param announce with an outbox message for FHIR in the same transaction
   */
  seal(limit: number, announce: boolean): Promise<SealedRecord[]>;
  head(): Promise<Anchor>;
  /** The same, and whether rows wait for their place. */
  look(): Promise<Anchor & { readonly rowsWait: boolean }>;
  /** The last place that was sealed before the time. */
  lastBefore(sealedBefore: Date): Promise<Anchor | null>;
  /** Removes rows from the start of the chain. */
  removeThrough(sequence: number): Promise<number>;
}
