import { inTime } from "./in-time.js";

/**
 * Asks at most so often; whoever asks meanwhile gets the answer of before. A failed question is asked again, and one
 * that hangs is waited for by nobody for long.
 */
export function kept<T>(ask: () => Promise<T>, milliseconds: number): () => Promise<T> {
  let answer: Promise<T> | undefined;
  let askedAt = 0;
  return () => {
    if (answer === undefined || performance.now() - askedAt > milliseconds) {
      const asked = ask();
      answer = asked;
      askedAt = performance.now();
      asked.catch(() => {
        if (answer === asked) answer = undefined;
      });
    }
    const wanted = answer;
    return inTime(() => wanted);
  };
}
