/** Who looks after an installation is answered in time: what hangs is told to be away, or left out. */
export const PATIENCE_MILLISECONDS = 2_000;

/** What was asked neither answered nor failed. */
export class NoAnswer extends Error {
  override readonly name = "NoAnswer";
  readonly code = "no-answer";
}

/**
 * The answer, unless it takes too long. What was asked goes on; its end is not waited for.
 * @throws NoAnswer
 */
export async function inTime<T>(ask: () => Promise<T>, milliseconds = PATIENCE_MILLISECONDS): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new NoAnswer(`no answer within ${milliseconds} ms`)), milliseconds);
  });
  try {
    return await Promise.race([ask(), late]);
  } finally {
    clearTimeout(timer);
  }
}
