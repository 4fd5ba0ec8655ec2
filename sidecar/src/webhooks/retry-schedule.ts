const FIRST_SECONDS = 5;
const LONGEST_SECONDS = 900;
const LONGEST_RETRY_AFTER_SECONDS = 3_600;

/**
 * How long to wait after so many failures in a row: 5 s, 10 s, 20 s and so on, a quarter of an hour at most; spread by a
 * fifth, so that what failed together does not come back together. A receiver that names a time gets it, an hour at most.
 */
export function delayMilliseconds(
  failures: number,
  retryAfterSeconds?: number,
  random = Math.random,
): number {
  const seconds = Math.min(LONGEST_SECONDS, FIRST_SECONDS * 2 ** Math.min(20, Math.max(0, failures - 1)));
  const spread = seconds * (0.9 + 0.2 * random());
  const asked = Math.min(LONGEST_RETRY_AFTER_SECONDS, Math.max(0, retryAfterSeconds ?? 0));
  return Math.round(Math.max(spread, asked) * 1_000);
}
