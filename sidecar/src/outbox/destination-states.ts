import type { BreakerReport, BreakerState } from "./breaker.js";
import type { DestinationName } from "./message.js";

/** How the delivery workers that are alive find a destination. */
export interface DestinationState {
  readonly destination: DestinationName;
  /** `none`: no worker is alive, nothing is delivered. */
  readonly breaker: BreakerState | "none";
  /** ISO 8601. */
  readonly since: string | null;
  /** The code of the fault that opened the breaker. */
  readonly code: string | null;
  readonly workers: number;
}

/** Where workers tell what they find, for people and other processes. */
export interface DestinationStates {
  report(worker: string, destination: DestinationName, report: BreakerReport): Promise<void>;
  forget(worker: string): Promise<void>;
  /** Of the workers that have told within the last seconds. */
  states(): Promise<DestinationState[]>;
}
