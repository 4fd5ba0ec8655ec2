import { NoAnswer, inTime } from "../health/in-time.js";
import { StateUnavailable } from "../state/state-error.js";
import type { TokenVerifier } from "./access-token.js";

/** Longer than those who were known are looked for before they are let pass without (`verified-tokens.ts`). */
const PROMPT_MILLISECONDS = 3_000;

/** For routes that say how the installation is: a database that hangs must not keep that from being said. */
export function prompt(tokens: TokenVerifier): TokenVerifier {
  return {
    verify: (token) =>
      inTime(() => tokens.verify(token), PROMPT_MILLISECONDS).catch((error: unknown) => {
        throw error instanceof NoAnswer ? new StateUnavailable(error.message) : error;
      }),
  };
}
