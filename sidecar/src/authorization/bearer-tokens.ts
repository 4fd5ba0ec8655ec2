import { LRUCache } from "lru-cache";
import { ISSUER, type TokenVerifier } from "./access-token.js";
import { LONGEST_EXTERNAL_TOKEN } from "./external-tokens.js";
import type { Principal } from "./principal.js";
import { invalidToken } from "./token-error.js";
import { shapeOf } from "./token-shape.js";

const MOST_TOKENS = 20_000;

/** A verifier that keeps what it found out for a while. */
export interface ForgetfulVerifier extends TokenVerifier {
  /** Looks everybody up again at their next request. */
  forgetIdentities(): void;
}

/** Every kind of Bearer token there is: who made it decides who verifies it, and with which keys. */
export class BearerTokens implements ForgetfulVerifier {
  private readonly verifiers = new LRUCache<string, TokenVerifier>({ max: MOST_TOKENS });

  constructor(
    private readonly own: ForgetfulVerifier & { readonly prolong: (token: string) => Promise<string | null> },
    private readonly apiKeys: ForgetfulVerifier & { readonly recognise: (token: string) => boolean },
    private readonly external: ReadonlyMap<string, ForgetfulVerifier>,
  ) {}

  async verify(token: string): Promise<Principal> {
    const known = this.verifiers.get(token);
    if (known !== undefined) return known.verify(token);
    const verifier = this.choose(token);
    const principal = await verifier.verify(token);
    this.verifiers.set(token, verifier);
    return principal;
  }

  /** Only this program's own tokens are prolonged. */
  async prolong(token: string): Promise<string | null> {
    const verifier = this.verifiers.get(token) ?? this.choose(token);
    return verifier === this.own ? this.own.prolong(token) : null;
  }

  forgetIdentities(): void {
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
