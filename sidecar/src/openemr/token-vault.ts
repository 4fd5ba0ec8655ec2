export interface KeptTokens {
  readonly refreshToken: string;
  readonly accessToken: string;
  /** When the access token was given, and until when it is used. */
  readonly usableUntil: Date;
}

/** Where the service user's tokens are kept, encrypted, for all processes. */
export interface TokenVault {
  /** null: nobody has connected OpenEMR yet. */
  read(): Promise<KeptTokens | null>;
  /**
   * One process of all at a time: what `work` answers is kept. A refresh token is good for one use, so nobody else may
   * be refreshing.
   */
  replace(work: (kept: KeptTokens | null) => Promise<KeptTokens>): Promise<KeptTokens>;
}
