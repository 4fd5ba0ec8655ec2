/** A server that dies is back soon; one that can't live is not started for ever. */
const FIRST_DELAY_MILLISECONDS = 100;
const LONGEST_DELAY_MILLISECONDS = 5_000;
const DEATHS_ALLOWED = 5;
const WINDOW_MILLISECONDS = 30_000;

/**
 * Decides what follows the death of a process.
 *
 * @param {readonly number[]} deaths times of death in milliseconds, oldest first, the newest included
 * @returns {{ restartAfterMilliseconds: number } | { giveUp: true }}
 */
export function afterDeath(deaths) {
  const newest = deaths.at(-1) ?? 0;
  const recent = deaths.filter((time) => newest - time < WINDOW_MILLISECONDS).length;
  if (recent >= DEATHS_ALLOWED) return { giveUp: true };
  const delay = FIRST_DELAY_MILLISECONDS * 2 ** (recent - 1);
  return { restartAfterMilliseconds: Math.min(delay, LONGEST_DELAY_MILLISECONDS) };
}
