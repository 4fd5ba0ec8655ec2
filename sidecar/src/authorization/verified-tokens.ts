import { LRUCache } from "lru-cache";
import { ApiError } from "../error-response.js";
import { NoAnswer, inTime } from "../health/in-time.js";
import { StateUnavailable } from "../state/state-error.js";
import type { Principal } from "./principal.js";
import { expiredToken } from "./token-error.js";

/**
 * Revocation bound: what changes about somebody (role, labels, disabled, logged out, revoked) counts after this long at
 * the latest. A change made here counts at once: the wake channel has every process forget.
 */
export const IDENTITY_SECONDS = 5;
/**
 * While the database is away, who was known goes on for this long: viewers do not go blank while it restarts. Nobody can
 * be disabled meanwhile, and a change that was announced before ends it.
 */
export const OUTAGE_GRACE_SECONDS = 60;
const OUTAGE_RETRY_MILLISECONDS = 1_000;
const MOST_TOKENS = 10_000;

interface Verified<Claims> {
  readonly claims: Claims;
  /** Who it is of; or the refusal, which is kept as long: refusing costs no more than granting. */
  answer: Principal | ApiError | undefined;
  freshUntil: number;
  lastSeenAt: number;
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
    const fresh = {
      claims,
      answer: undefined,
      freshUntil: 0,
      lastSeenAt: 0,
      generation: -1,
      pending: undefined,
    };
    this.tokens.set(token, fresh);
    return fresh;
  }

  private look(verified: Verified<Claims>): Promise<Principal> {
    // A look-up that began before a change was announced does not count as one after it.
    if (verified.pending !== undefined && verified.generation === this.generation) return verified.pending;
    const generation = this.generation;
    const before = verified.generation === generation ? verified.answer : undefined;
    verified.generation = generation;
    verified.answer = undefined;
    const pending = this.ask(verified.claims, before)
      .then(
        (principal) => this.keep(verified, generation, principal),
        (error: unknown) => this.refuseOrBear(verified, generation, before, error),
      )
      .finally(() => {
        if (verified.pending === pending) verified.pending = undefined;
      });
    verified.pending = pending;
    return pending;
  }

  /** Who is known does not wait for a database that hangs. */
  private ask(claims: Claims, before: Principal | ApiError | undefined): Promise<Principal> {
    if (before === undefined || before instanceof ApiError) return this.principalOf(claims);
    return inTime(() => this.principalOf(claims)).catch((error: unknown) => {
      throw error instanceof NoAnswer ? new StateUnavailable(error.message) : error;
    });
  }

  private keep<Answer extends Principal | ApiError>(
    verified: Verified<Claims>,
    generation: number,
    answer: Answer,
  ): Answer {
    if (verified.generation !== generation) return answer;
    verified.answer = answer;
    verified.lastSeenAt = this.now();
    verified.freshUntil = verified.lastSeenAt + IDENTITY_SECONDS * 1_000;
    return answer;
  }

  private refuseOrBear(
    verified: Verified<Claims>,
    generation: number,
    before: Principal | ApiError | undefined,
    error: unknown,
  ): Principal {
    if (error instanceof ApiError && error.status === 401) throw this.keep(verified, generation, error);
    const now = this.now();
    const borne =
      error instanceof StateUnavailable &&
      before !== undefined &&
      !(before instanceof ApiError) &&
      generation === this.generation &&
      now - verified.lastSeenAt < OUTAGE_GRACE_SECONDS * 1_000;
    if (!borne) throw error;
    verified.answer = before;
    verified.freshUntil = now + OUTAGE_RETRY_MILLISECONDS;
    return before;
  }
}
