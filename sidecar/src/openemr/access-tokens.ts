/** Where a client gets the bearer token of its next request. */
export interface AccessTokens {
  /** @throws OpenEmrError */
  current(): Promise<string>;
  /** OpenEMR refused this token: the next is another. */
  refused(token: string): void;
}

/** What a token endpoint answers (RFC 6749 5.1). */
export interface GrantedTokens {
  readonly accessToken: string;
  /** null when it gave none: the one that was used stays. */
  readonly refreshToken: string | null;
  readonly lifetimeSeconds: number;
}

/** Tokens are used until so much of their life is over. */
export const USABLE_SHARE_OF_LIFE = 0.9;
