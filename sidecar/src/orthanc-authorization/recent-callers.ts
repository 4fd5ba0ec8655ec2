import type { Principal } from "../authorization/principal.js";
import { VERDICT_SECONDS } from "./validity.js";

/** The plugin uses a profile for as long as it is valid and up to ten seconds more; the rest is for clocks. */
export const CALLER_SECONDS = VERDICT_SECONDS + 10 + 5;

/** Those whose profile the plugin holds, in every process that answers it. */
export interface CallerStore {
  remember(principal: Principal): Promise<void>;
  within(seconds: number): Promise<readonly Principal[]>;
}

/**
 * Who may be behind a request of the plugin that does not say: `PUT tokens/{type}` has no caller. The plugin lets nobody
 * mint a link whose profile it does not hold with the permission `share`, so the caller is one of these, and what every
 * one of them may do, the caller may.
 */
export class RecentCallers {
  private readonly remembered = new Map<string, number>();

  constructor(private readonly store: CallerStore) {}

  async saw(principal: Principal): Promise<void> {
    if (!principal.permissions.has("share")) return;
    const now = Date.now();
    const last = this.remembered.get(principal.tokenId) ?? 0;
    if (now - last < 1_000) return;
    for (const [tokenId, at] of this.remembered) if (now - at > 60_000) this.remembered.delete(tokenId);
    await this.store.remember(principal);
    this.remembered.set(principal.tokenId, now);
  }

  list(): Promise<readonly Principal[]> {
    return this.store.within(CALLER_SECONDS);
  }
}
