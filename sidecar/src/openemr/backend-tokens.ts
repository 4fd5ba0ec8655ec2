import { USABLE_SHARE_OF_LIFE, type AccessTokens } from "./access-tokens.js";
import type { BackendAuthorization } from "./authorization-server.js";

/** Tokens of the program itself, for reading: OpenEMR's live for 60 s and are asked for again before that. */
export class BackendTokens implements AccessTokens {
  private token: string | undefined;
  private usableUntil = 0;
  private obtaining: Promise<string> | undefined;

  constructor(private readonly authorization: BackendAuthorization) {}

  async current(): Promise<string> {
    if (this.token !== undefined && Date.now() < this.usableUntil) return this.token;
    this.obtaining ??= this.obtain().finally(() => (this.obtaining = undefined));
    return this.obtaining;
  }

  refused(token: string): void {
    if (token === this.token) this.token = undefined;
  }

  private async obtain(): Promise<string> {
    const { accessToken, lifetimeSeconds } = await this.authorization.grant();
    this.token = accessToken;
    this.usableUntil = Date.now() + lifetimeSeconds * 1_000 * USABLE_SHARE_OF_LIFE;
    return accessToken;
  }
}
