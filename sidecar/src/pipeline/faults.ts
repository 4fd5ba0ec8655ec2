/** Whether trying again may help, as decided where the fault was thrown; unknown faults say nothing. */
export function isRetryable(error: unknown): boolean | undefined {
  const retryable = (error as { retryable?: unknown } | null)?.retryable;
  return typeof retryable === "boolean" ? retryable : undefined;
}

/** A sentence for a person about a fault, with its stable code when it has one. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return "unknown fault";
  const code = (error as { code?: unknown }).code;
  return typeof code === "string" ? `${code}: ${error.message}` : error.message;
}

/** Delay before the given attempt (from 1) is repeated: exponential, capped, with full jitter. */
export function backoffMilliseconds(attempt: number, random: () => number = Math.random): number {
  const ceiling = Math.min(30_000, 250 * 2 ** Math.min(attempt, 10));
  return Math.round(50 + random() * ceiling);
}
