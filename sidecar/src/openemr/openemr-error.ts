export type OpenEmrFault =
  | "openemr-unavailable"
  | "openemr-busy"
  | "openemr-unreadable"
  | "openemr-refused"
  | "openemr-unauthorised"
  | "openemr-not-connected"
  | "openemr-uncertain"
  | "openemr-identity-conflict";

interface Meaning {
  readonly retryable: boolean;
  readonly concerns: "message" | "destination" | "settings";
}

/** Decided here for every place that throws (outbox/delivery-fault.ts says what delivery does with it). */
const MEANINGS: Readonly<Record<OpenEmrFault, Meaning>> = {
  "openemr-unavailable": { retryable: true, concerns: "destination" },
  "openemr-busy": { retryable: true, concerns: "destination" },
  // It answers, but not to this: others may pass.
  "openemr-unreadable": { retryable: true, concerns: "message" },
  "openemr-refused": { retryable: false, concerns: "message" },
  "openemr-unauthorised": { retryable: true, concerns: "settings" },
  "openemr-not-connected": { retryable: true, concerns: "settings" },
  "openemr-uncertain": { retryable: false, concerns: "message" },
  "openemr-identity-conflict": { retryable: false, concerns: "message" },
};

export interface OpenEmrErrorFacts extends ErrorOptions {
  /** OpenEMR may have done what was asked, although it did not say so. */
  readonly uncertain?: boolean;
  readonly status?: number;
  readonly retryAfterMilliseconds?: number | undefined;
  /** What OpenEMR answered, for whoever looks into it: kept in the database, never logged. */
  readonly outcome?: string | undefined;
}

/** OpenEMR refused, did not answer, or answered what its description does not say. */
export class OpenEmrError extends Error {
  override readonly name = "OpenEmrError";
  readonly retryable: boolean;
  readonly concerns: Meaning["concerns"];
  readonly uncertain: boolean;
  readonly status: number | undefined;
  declare readonly retryAfterMilliseconds?: number;
  declare readonly outcome?: string;

  constructor(
    readonly code: OpenEmrFault,
    message: string,
    { uncertain = false, status, retryAfterMilliseconds, outcome, ...options }: OpenEmrErrorFacts = {},
  ) {
    super(message, options);
    this.retryable = MEANINGS[code].retryable;
    this.concerns = MEANINGS[code].concerns;
    this.uncertain = uncertain;
    this.status = status;
    if (retryAfterMilliseconds !== undefined) this.retryAfterMilliseconds = retryAfterMilliseconds;
    // Not listed when the error is logged: it may repeat what was sent.
    if (outcome !== undefined) Object.defineProperty(this, "outcome", { value: outcome, enumerable: false });
  }
}
