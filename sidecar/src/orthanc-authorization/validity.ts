import type { Principal } from "../authorization/principal.js";

/**
 * The plugin keeps a verdict for this long, and up to ten seconds more (authorization contract, "Caching in the
 * plugin"). With what is cached here, a change counts in Orthanc after 25 seconds at the latest.
 */
export const VERDICT_SECONDS = 10;

/** Whole seconds, never 0: a profile with 0 would be kept for ever. */
export function validityOf(principal: Pick<Principal, "expiresAt">, now: number = Date.now()): number {
  const left = Math.floor((principal.expiresAt.getTime() - now) / 1_000);
  return Math.max(1, Math.min(VERDICT_SECONDS, left));
}
