import { setTimeout as delay } from "node:timers/promises";

/**
 * Asks again and again until the answer is yes.
 *
 * @param {() => Promise<boolean>} probe an error counts as "not yet"
 * @param {{ deadlineSeconds: number, description: string, everyMilliseconds?: number, signal?: AbortSignal }} options
 * @returns {Promise<void>} rejects at the deadline with the last error as its cause
 */
export async function waitUntil(probe, { deadlineSeconds, description, everyMilliseconds = 50, signal }) {
  const deadline = performance.now() + deadlineSeconds * 1000;
  /** @type {unknown} */
  let lastError;
  for (;;) {
    signal?.throwIfAborted();
    try {
      if (await probe()) return;
    } catch (error) {
      lastError = error;
    }
    if (performance.now() > deadline) {
      throw new Error(`${description}: not within ${deadlineSeconds} s`, { cause: lastError });
    }
    await delay(everyMilliseconds, undefined, signal ? { signal } : {});
  }
}
