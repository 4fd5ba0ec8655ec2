/**
 * What delivery understands of an error that a destination throws. Whatever lacks these members is an unknown fault:
 * it is tried {@link ATTEMPTS_AT_UNKNOWN_FAULT} times.
 */
export interface DeliveryFault {
  /** Stable, listed in docs/errors.md. */
  readonly code: string;
  /** Whether the same message may be taken later. */
  readonly retryable: boolean;
  /**
   * `message`: this one, the destination answers others. `destination`: it is away or unwell. `settings`: it takes
   * nothing from us until a person has changed something. Of an error that does not say so but is retryable, the
   * destination is assumed.
   */
  readonly concerns: "message" | "destination" | "settings";
  /** How long the destination asks to be left alone. */
  readonly retryAfterMilliseconds?: number;
  /** The destination's answer, for whoever looks into it: kept with the message, never logged. */
  readonly outcome?: string;
}

export const ATTEMPTS_AT_UNKNOWN_FAULT = 5;
/** Of a conflict with somebody else's write, which is over when ours is repeated. */
const ATTEMPTS_AT_CONFLICT = 5;
/** A destination that asks for more is asked again nevertheless. */
const LONGEST_RETRY_AFTER_MILLISECONDS = 15 * 60_000;

export function faultOf(error: unknown): DeliveryFault & { readonly known: boolean } {
  const { code, retryable, concerns, retryAfterMilliseconds, outcome } = (error ?? {}) as Partial<
    Record<keyof DeliveryFault, unknown>
  >;
  return {
    code: typeof code === "string" ? code : "unknown-fault",
    retryable: retryable !== false,
    concerns: isConcern(concerns) ? concerns : retryable === true ? "destination" : "message",
    known: typeof retryable === "boolean",
    ...(typeof retryAfterMilliseconds === "number"
      ? { retryAfterMilliseconds: Math.min(LONGEST_RETRY_AFTER_MILLISECONDS, retryAfterMilliseconds) }
      : {}),
    ...(typeof outcome === "string" ? { outcome } : {}),
  };
}

function isConcern(value: unknown): value is DeliveryFault["concerns"] {
  return value === "message" || value === "destination" || value === "settings";
}

/**
 * How often a message with this fault is tried at most; undefined: for as long as it takes. A fault of the destination
 * says nothing about the message.
 */
export function attemptsAt({ code, retryable, concerns, known }: ReturnType<typeof faultOf>) {
  if (concerns !== "message") return undefined;
  if (!retryable) return 1;
  if (!known) return ATTEMPTS_AT_UNKNOWN_FAULT;
  return code.endsWith("-conflict") ? ATTEMPTS_AT_CONFLICT : undefined;
}
