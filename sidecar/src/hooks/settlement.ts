import { ApiError } from "../error-response.js";
import { StateUnavailable } from "../state/state-error.js";
import type { ClaimedHook } from "./hook-store.js";
import { NotHereYet } from "./not-here-yet.js";

/** What may be there in a moment: images travel by other ways than what is told of them. */
const NOT_HERE_YET: ReadonlySet<string> = new Set([
  "study-not-found",
  "study-unknown",
  "series-not-found",
  "series-receiving",
]);
const WAIT_FOR_IMAGES_MILLISECONDS = 3_600_000;
const WAIT_FOR_US_MILLISECONDS = 24 * 3_600_000;
const LONGEST_DELAY = { images: 30_000, us: 300_000 };
const FIRST_DELAY_MILLISECONDS = 500;

export interface Settlement {
  readonly code: string;
  readonly reason: string;
  /** Undefined: it is over. */
  readonly retryInMilliseconds: number | undefined;
}

/** What becomes of a message whose work came to nothing this time. */
export function settlementOf(
  error: unknown,
  { attempts, waitingMilliseconds }: Pick<ClaimedHook, "attempts" | "waitingMilliseconds">,
): Settlement {
  const told =
    error instanceof ApiError || error instanceof NotHereYet
      ? { code: error.code, reason: error.message }
      : error instanceof StateUnavailable
        ? { code: error.code, reason: "The database did not answer." }
        : { code: "internal-error", reason: "Something failed here; the log has the details." };
  const over = { ...told, retryInMilliseconds: undefined };
  const again = (longest: number) => ({
    ...told,
    retryInMilliseconds: Math.min(longest, FIRST_DELAY_MILLISECONDS * 2 ** Math.min(attempts, 20)),
  });
  if (isNotHereYet(error))
    return waitingMilliseconds < WAIT_FOR_IMAGES_MILLISECONDS ? again(LONGEST_DELAY.images) : over;
  if (error instanceof ApiError && error.status < 500) return over;
  return waitingMilliseconds < WAIT_FOR_US_MILLISECONDS ? again(LONGEST_DELAY.us) : over;
}

function isNotHereYet(error: unknown): boolean {
  if (error instanceof NotHereYet) return true;
  if (!(error instanceof ApiError)) return false;
  return NOT_HERE_YET.has(error.code) || NOT_HERE_YET.has(error.facts.reason ?? "");
}
