/**
 * Does work with a signal that aborts after a time, or when `stop` does, until the work is settled.
 *
 * Not `AbortSignal.any([stop, AbortSignal.timeout(…)])`: there Node.js 20 holds the timeout weakly, and once it is collected
 * the work is given up never. A timer and listeners of our own hold until they are taken away.
 * @param stop its reason becomes that of the work's signal
 */
export async function withinTime<T>(
  milliseconds: number,
  stop: AbortSignal | undefined,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const ending = new AbortController();
  const end = () => ending.abort(stop?.reason);
  const timer = setTimeout(
    () => ending.abort(new DOMException(`not done within ${milliseconds} ms`, "TimeoutError")),
    milliseconds,
  );
  if (stop?.aborted === true) end();
  stop?.addEventListener("abort", end, { once: true });
  try {
    return await work(ending.signal);
  } finally {
    clearTimeout(timer);
    stop?.removeEventListener("abort", end);
  }
}
