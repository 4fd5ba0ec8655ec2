import type { Access, AuditOutcome } from "./access.js";

/** What one request of an access that goes on for a while adds to it. */
export interface Use {
  readonly sopInstanceUid?: string | undefined;
  readonly frames?: number;
}

/**
 * Where every access is told. What it promises: when the answer of these methods is there, the access is on disk. The
 * caller answers its client after that, or with what was thrown (503: nothing is shown that is not recorded).
 */
export interface AuditTrail {
  /**
   * Counts a request into the access it belongs to: the same person, token, address, study, action and outcome without a
   * break of {@link IDLE_SECONDS}. The first makes the row; undefined (no waiting) for those that follow.
   * @throws ApiError 503 `audit-unavailable`, also by rejecting
   */
  count(access: Access, use?: Use): Promise<void> | undefined;
  /**
   * Writes an access that stands by itself, before what it does is done.
   * @returns how to tell its end, when that is not "granted"
   * @throws ApiError 503 `audit-unavailable`
   */
  record(access: Access): Promise<RecordedAccess>;
}

export interface RecordedAccess {
  /** Adds how it ended. What was recorded stays as it is: the end is a row of its own. */
  end(end: AccessEnd): Promise<void>;
}

export interface AccessEnd {
  readonly outcome: AuditOutcome;
  readonly reason: string | null;
  /** What it was on, when that became known only then. */
  readonly target: string;
  readonly breakGlassId: number | null;
}

/** An access nobody goes on with for this long is over. */
export const IDLE_SECONDS = 300;
/** An access that goes on for longer is recorded as another one from then on. */
export const LONGEST_SECONDS = 3_600;
