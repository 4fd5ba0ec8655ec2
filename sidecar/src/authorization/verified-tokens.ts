import { LRUCache } from "lru-cache";
import { ApiError } from "../error-response.js";
import type { Principal } from "./principal.js";
import { expiredToken } from "./token-error.js";

/**
 * Revocation bound: what changes about somebody (role, labels, disabled, logged out, revoked) counts after this long at
 * the latest. A change made here counts at once: the wake channel has every process forget.
 */
export const IDENTITY_SECONDS = 5;
const MOST_TOKENS = 10_000;

interface Verified<Claims> {
  readonly claims: Claims;
  /** Who it is of; or the refusal, which is kept as long: refusing costs no more than granting. */
  answer: Principal | ApiError | undefined;
  freshUntil: number;
  generation: number;
  /** A look-up under way, shared by all requests that wait for it. */
  pending: Promise<Principal> | undefined;
}

/** Tokens whose signature was checked, until they end; who they are of, for {@link IDENTITY_SECONDS}. */
export class VerifiedTokens<Claims extends { readonly expiresAt: Date }> {
  private readonly tokens = new LRUCache<string, Verified<Claims>>({ max: MOST_TOKENS });
  private generation = 0;

  constructor(
    private readonly principalOf: (claims: Claims) => Promise<Principal>,
    private readonly now: () => number = () => Date.now(),
  ) {}

  /** @param check verifies the token itself; asked once for each */
  async principal(token: string, check: () => Promise<Claims>): Promise<Principal> {
    const known = this.tokens.get(token);
    if (known === undefined) return this.look(this.remember(token, await check()));
    const now = this.now();
    if (known.claims.expiresAt.getTime() <= now) throw expiredToken();
    if (known.answer === undefined || known.freshUntil <= now || known.generation !== this.generation)
      return this.look(known);
    if (known.answer instanceof ApiError) throw known.answer;
    return known.answer;
  }

  forgetPrincipals(): void {
    this.generation += 1;
  }

  private remember(token: string, claims: Claims): Verified<Claims> {
    const fresh = { claims, answer: undefined, freshUntil: 0, generation: -1, pending: undefined };
    this.tokens.set(token, fresh);
    return fresh;
  }

  private look(verified: Verified<Claims>): Promise<Principal> {
    // A look-up that began before a change was announced does not count as one after it.
    if (verified.pending !== undefined && verified.generation === this.generation) return verified.pending;
    const generation = this.generation;
    verified.generation = generation;
    verified.answer = undefined;
    const keep = (answer: Principal | ApiError) => {
      if (verified.generation !== generation) return;
      verified.answer = answer;
      verified.freshUntil = this.now() + IDENTITY_SECONDS * 1_000;
    };
    const pending = this.principalOf(verified.claims)
      .then(
        (principal) => {
          keep(principal);
          return principal;
        },
        (error: unknown) => {
          if (error instanceof ApiError && error.status === 401) keep(error);
          throw error;
        },
      )
      .finally(() => {
        if (verified.pending === pending) verified.pending = undefined;
      });
    verified.pending = pending;
    return pending;
  }
}
