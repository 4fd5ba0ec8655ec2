import { USABLE_SHARE_OF_LIFE, type AccessTokens, type GrantedTokens } from "./access-tokens.js";
import type { AuthorizationServer } from "./authorization-server.js";
import { OpenEmrError } from "./openemr-error.js";
import type { KeptTokens, TokenVault } from "./token-vault.js";

/** Tokens of the service user who agreed once: kept, and refreshed by one process at a time. */
export class ServiceUserTokens implements AccessTokens {
  private held: KeptTokens | undefined;
  private refusedToken: string | undefined;
  private obtaining: Promise<KeptTokens> | undefined;

  constructor(
    private readonly server: Pick<AuthorizationServer, "refresh">,
    private readonly vault: TokenVault,
  ) {}

  async current(): Promise<string> {
    if (this.held === undefined || !this.usable(this.held)) {
      this.obtaining ??= this.obtain().finally(() => (this.obtaining = undefined));
      this.held = await this.obtaining;
    }
    return this.held.accessToken;
  }

  refused(token: string): void {
    this.refusedToken = token;
  }

  private async obtain(): Promise<KeptTokens> {
    const kept = await this.vault.read();
    if (kept !== null && this.usable(kept)) return kept;
    return this.vault.replace(async (current) => {
      if (current === null)
        throw new OpenEmrError(
          "openemr-not-connected",
          "OpenEMR is not connected: neuronova openemr connect",
        );
      // Another process was first.
      if (this.usable(current)) return current;
      return keptTokens(await this.server.refresh(current.refreshToken), current.refreshToken);
    });
  }

  private usable({ accessToken, usableUntil }: KeptTokens): boolean {
    return accessToken !== this.refusedToken && usableUntil.getTime() > Date.now();
  }
}

export function keptTokens(granted: GrantedTokens, refreshTokenBefore: string | undefined): KeptTokens {
  const refreshToken = granted.refreshToken ?? refreshTokenBefore;
  if (refreshToken === undefined)
    throw new OpenEmrError(
      "openemr-unauthorised",
      "OpenEMR gave no refresh token: the client is not allowed the scope offline_access",
    );
  return {
    refreshToken,
    accessToken: granted.accessToken,
    usableUntil: new Date(Date.now() + granted.lifetimeSeconds * 1_000 * USABLE_SHARE_OF_LIFE),
  };
}
