import CircuitBreaker from "opossum";
import { faultOf } from "./delivery-fault.js";
import { StateUnavailable } from "../state/state-error.js";

const FAILURES_IN_A_ROW = 5;
/** While somebody else probes. */
const PROBE_MILLISECONDS = 50;

export type BreakerState = "closed" | "open" | "half-open";

export interface BreakerReport {
  readonly state: BreakerState;
  readonly since: Date;
  /** The code of the fault that opened it. */
  readonly code: string | null;
}

/** The destination is left alone for now: nothing was tried. */
export class DestinationAway extends Error {
  override readonly name = "DestinationAway";
  readonly code = "destination-away";
  readonly retryable = true;
  readonly concerns = "destination";
}

type Work = () => Promise<unknown>;

/**
 * The circuit breaker of one destination. Five failures in a row open it, a fault of settings at once; after the reset
 * time one call is let through, and its success closes it. A refusal is an answer, and no failure. Five tries of a
 * single message are one failure: it may be the message that is at fault.
 */
export class Breaker {
  private circuit: CircuitBreaker<[Work, string]>;
  private failures = 0;
  private lastAbout: string | undefined;
  private code: string | null = null;
  private since = new Date();
  private openedAt = 0;
  private pausedUntil = 0;

  constructor(
    readonly destination: string,
    private readonly resetMilliseconds: number,
    private readonly onChange: (report: BreakerReport) => void = () => undefined,
  ) {
    this.circuit = this.make();
  }

  /** @param about what the call is for. @throws DestinationAway within a millisecond while it is open */
  async run<T>(work: () => Promise<T>, about = ""): Promise<T> {
    if (this.pauseMilliseconds() > 0) throw new DestinationAway(`${this.destination} asked for time`);
    try {
      return (await this.circuit.fire(work, about)) as T;
    } catch (error) {
      const { retryAfterMilliseconds } = faultOf(error);
      if (retryAfterMilliseconds !== undefined) this.pausedUntil = performance.now() + retryAfterMilliseconds;
      if (error instanceof Error && CircuitBreaker.isOurError(error))
        throw new DestinationAway(`${this.destination} is left alone for now`);
      throw error;
    }
  }

  /** Whether to try: everything, one message, or nothing for so long. */
  pass(): "all" | "probe" | { readonly dueInMilliseconds: number } {
    const pause = this.pauseMilliseconds();
    if (pause > 0) return { dueInMilliseconds: pause };
    if (this.circuit.closed) return "all";
    if (this.circuit.halfOpen)
      return this.circuit.pendingClose ? "probe" : { dueInMilliseconds: PROBE_MILLISECONDS };
    return {
      dueInMilliseconds: Math.max(
        PROBE_MILLISECONDS,
        this.openedAt + this.resetMilliseconds - performance.now(),
      ),
    };
  }

  /** Somebody saw it answer: one call is let through now rather than at the reset time. */
  allowProbe(): void {
    if (!this.circuit.opened) return;
    this.circuit.shutdown();
    this.circuit = this.make({ closed: false, halfOpen: true });
    this.changed();
  }

  get failuresInARow(): number {
    return this.failures;
  }

  report(): BreakerReport {
    const { closed, halfOpen } = this.circuit;
    return { state: closed ? "closed" : halfOpen ? "half-open" : "open", since: this.since, code: this.code };
  }

  stop(): void {
    this.circuit.shutdown();
  }

  private pauseMilliseconds(): number {
    return this.pausedUntil - performance.now();
  }

  private make(state?: { closed: boolean; halfOpen: boolean }): CircuitBreaker<[Work, string]> {
    const circuit = new CircuitBreaker<[Work, string]>((work) => work(), {
      timeout: false,
      resetTimeout: this.resetMilliseconds,
      // It opens by failures in a row, never by a share of them.
      volumeThreshold: Number.MAX_SAFE_INTEGER,
      rollingPercentilesEnabled: false,
      enableSnapshots: false,
      errorFilter: (error) => !countsAgainst(error),
      ...(state === undefined ? {} : { state: state as unknown as CircuitBreaker.State }),
    });
    circuit.on("success", () => {
      this.failures = 0;
      this.lastAbout = undefined;
    });
    circuit.on("failure", (error, _latency, parameters) => this.failed(error, parameters[1]));
    circuit.on("open", () => {
      this.openedAt = performance.now();
      this.changed();
    });
    circuit.on("halfOpen", () => this.changed());
    circuit.on("close", () => {
      this.code = null;
      this.changed();
    });
    return circuit;
  }

  private failed(error: unknown, about: string | undefined): void {
    const { code, concerns } = faultOf(error);
    const again = concerns === "message" && about === this.lastAbout;
    this.lastAbout = about;
    if (!again) this.failures += 1;
    if (!this.circuit.closed) this.code = code;
    else if (concerns === "settings" || this.failures >= FAILURES_IN_A_ROW) {
      this.code = code;
      this.circuit.open();
    }
  }

  private changed(): void {
    this.since = new Date();
    this.onChange(this.report());
  }
}

function countsAgainst(error: unknown): boolean {
  if (error instanceof StateUnavailable) return false;
  const { known, retryable, retryAfterMilliseconds, code } = faultOf(error);
  // Who asks for time is there.
  return known && retryable && retryAfterMilliseconds === undefined && !code.endsWith("-conflict");
}
