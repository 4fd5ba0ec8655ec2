/**
 * Keeps to a number of things a second, on average from the first one.
 * @param perSecond undefined for as fast as can be
 * @returns called with how many were done: resolves when the next may be
 */
export function pace(
  perSecond: number | undefined,
  pause: (milliseconds: number) => Promise<void>,
  nowMilliseconds: () => number = () => performance.now(),
): (count: number) => Promise<void> {
  let free = nowMilliseconds();
  return async (count) => {
    if (perSecond === undefined) return;
    // Time in which nothing was to be done is not made up for.
    free = Math.max(free, nowMilliseconds()) + (count / perSecond) * 1_000;
    await pause(free - nowMilliseconds());
  };
}
