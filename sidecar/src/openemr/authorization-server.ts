import type { GrantedTokens } from "./access-tokens.js";

/** OpenEMR's authorization server. Every method throws OpenEmrError. */
export interface AuthorizationServer {
  /** Where a person agrees (RFC 6749 4.1.1, RFC 7636 4.3). */
  authorizationAddress(request: {
    readonly state: string;
    readonly codeChallenge: string;
    readonly scope: string;
  }): string;
  exchangeCode(code: string, codeVerifier: string): Promise<GrantedTokens>;
  /** The token given is used up, whatever comes of it (rotation). */
  refresh(refreshToken: string): Promise<GrantedTokens>;
}

/** SMART Backend Services: the client itself, by a signed assertion (RFC 7523), for reading. */
export interface BackendAuthorization {
  grant(): Promise<GrantedTokens>;
}
