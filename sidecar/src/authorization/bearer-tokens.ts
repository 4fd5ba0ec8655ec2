import { LRUCache } from "lru-cache";
import { ApiError } from "../error-response.js";
import { ISSUER, type TokenVerifier } from "./access-token.js";
import { LONGEST_EXTERNAL_TOKEN } from "./external-tokens.js";
import type { Principal } from "./principal.js";
import { invalidToken } from "./token-error.js";
import { shapeOf } from "./token-shape.js";
import { IDENTITY_SECONDS } from "./verified-tokens.js";

const MOST_TOKENS = 20_000;
const MOST_REFUSED_CHARACTERS = 4_000_000;

/** A verifier that keeps what it found out for a while. */
export interface ForgetfulVerifier extends TokenVerifier {
  /** Looks everybody up again at their next request. */
  forgetIdentities(): void;
}

/** Every kind of Bearer token there is: who made it decides who verifies it, and with which keys. */
export class BearerTokens implements ForgetfulVerifier {
  private readonly verifiers = new LRUCache<string, TokenVerifier>({ max: MOST_TOKENS });
  /** A program that goes on showing a token that is no good costs no more than one whose token is. */
  private readonly refused = new LRUCache<string, { readonly refusal: ApiError; readonly until: number }>({
    maxSize: MOST_REFUSED_CHARACTERS,
    sizeCalculation: (_refusal, token) => token.length + 100,
  });
  private generation = 0;

  constructor(
    private readonly own: ForgetfulVerifier & { readonly prolong: (token: string) => Promise<string | null> },
    private readonly apiKeys: ForgetfulVerifier & { readonly recognise: (token: string) => boolean },
    private readonly external: ReadonlyMap<string, ForgetfulVerifier>,
    private readonly now: () => number = () => Date.now(),
  ) {}

  async verify(token: string): Promise<Principal> {
    const known = this.verifiers.get(token);
    if (known !== undefined) return known.verify(token);
    const refused = this.refused.get(token);
    if (refused !== undefined && this.now() < refused.until) throw refused.refusal;
    const { generation } = this;
    try {
      const verifier = this.choose(token);
      const principal = await verifier.verify(token);
      this.verifiers.set(token, verifier);
      return principal;
    } catch (error) {
      const final = error instanceof ApiError && error.status === 401;
      if (final && generation === this.generation)
        this.refused.set(token, { refusal: error, until: this.now() + IDENTITY_SECONDS * 1_000 });
      throw error;
    }
  }

  /** Only this program's own tokens are prolonged. */
  async prolong(token: string): Promise<string | null> {
    const verifier = this.verifiers.get(token) ?? this.choose(token);
    return verifier === this.own ? this.own.prolong(token) : null;
  }

  forgetIdentities(): void {
    this.generation += 1;
    this.refused.clear();
    for (const verifier of [this.own, this.apiKeys, ...this.external.values()]) verifier.forgetIdentities();
  }

  private choose(token: string): TokenVerifier {
    if (this.apiKeys.recognise(token)) return this.apiKeys;
    const { iss } = shapeOf(token, LONGEST_EXTERNAL_TOKEN).claims;
    if (iss === ISSUER) return this.own;
    const verifier = typeof iss === "string" ? this.external.get(iss) : undefined;
    if (verifier === undefined) throw invalidToken();
    return verifier;
  }
}
