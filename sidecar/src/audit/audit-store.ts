import type { Access } from "./access.js";
import type { AccessEnd } from "./audit-trail.js";

/** How much an access has come to. */
export interface Counts {
  readonly requests: number;
  /** Different instances. */
  readonly instances: number;
  readonly frames: number;
  readonly lastAt: Date;
}

/** The audit tables as the trail writes them. Rows are only ever added. */
export interface AuditStore {
  /** Adds the row that opens an access; one for each patient when studies of several share the UID. */
  open(accessId: string, access: Access, firstAt: Date, counts: Counts): Promise<void>;
  /** Adds the row that ends an access. */
  end(accessId: string, end: AccessEnd, at: Date): Promise<void>;
  /** Keeps what accesses in progress have come to. */
  saveCounts(counts: ReadonlyMap<string, Counts>): Promise<void>;
  /**
   * Ends accesses that nobody has gone on with since: a row with their counts takes the place of the kept ones.
   * @returns how many
   */
  endIdle(since: Date): Promise<number>;
}
