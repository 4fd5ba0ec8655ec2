import { tokenLife, type TokenLife } from "./token-life.js";
import type { TokenProvider, TokenReason } from "./token-provider.js";

interface Held {
  readonly token: string;
  readonly life: TokenLife;
}

/**
 * The token of all elements of a page that have the same provider. It is asked for once however many want it, replaced
 * at four fifths of its life or when the server refused it, and kept in memory only.
 */
export class SharedTokens {
  private static readonly all = new WeakMap<TokenProvider, SharedTokens>();
  private held: Held | undefined;
  private asking: Promise<string> | undefined;

  constructor(
    private readonly provider: TokenProvider,
    private readonly now: () => number = Date.now,
  ) {}

  static of(provider: TokenProvider): SharedTokens {
    let tokens = SharedTokens.all.get(provider);
    if (tokens === undefined) {
      tokens = new SharedTokens(provider);
      SharedTokens.all.set(provider, tokens);
    }
    return tokens;
  }

  /** A token that is good as far as its own words go. */
  async get(): Promise<string> {
    const { held } = this;
    if (held === undefined) return this.ask("initial");
    if (this.now() < held.life.renewAt) return held.token;
    try {
      return await this.ask("expiring");
    } catch (error) {
      // The provider is away for a moment; the last fifth of the token's life is there for that.
      if (this.held === held && this.now() < held.life.endsAt) return held.token;
      throw error;
    }
  }

  /**
   * A token instead of one the server refused. Whoever comes late with the same refusal gets the one that was fetched
   * for the first.
   */
  async replace(refused: string): Promise<string> {
    const token = this.asking === undefined ? this.held?.token : await this.asking;
    if (token !== undefined && token !== refused) return token;
    // Whoever was asked for another reason may have given the refused one again.
    return this.ask("refused", refused);
  }

  private ask(reason: TokenReason, refused?: string): Promise<string> {
    this.asking ??= this.fetchToken(reason, refused).finally(() => (this.asking = undefined));
    return this.asking;
  }

  private async fetchToken(reason: TokenReason, refused?: string): Promise<string> {
    const token: unknown = await (refused === undefined
      ? this.provider(reason)
      : this.provider(reason, refused));
    if (typeof token !== "string" || token === "") throw new TypeError("the token provider gave no token");
    this.held = { token, life: tokenLife(token, this.now()) };
    return token;
  }
}
