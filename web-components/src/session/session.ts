import { HttpProblem, problemOf } from "./http.js";
import type { TokenProvider } from "./token-provider.js";

export interface Account {
  readonly username: string;
  readonly displayName: string;
  readonly role: string;
}

interface SessionAnswer {
  readonly accessToken: string;
  readonly expiresInSeconds: number;
  readonly account: Account;
}

/** Part of a token's life after which a new one is fetched. */
const RENEW_AFTER = 0.8;

/**
 * The page's own login. The access token is kept in memory only; the session goes on by a cookie no script can read,
 * so a reload of the page stays logged in.
 */
export class Session {
  account: Account | undefined;
  private token: string | undefined;
  private renewAt = 0;
  private renewal: Promise<string> | undefined;

  constructor(
    private readonly fetcher: typeof fetch = (...parameters) => fetch(...parameters),
    private readonly now: () => number = Date.now,
  ) {}

  /** @throws HttpProblem `invalid-credentials` */
  async login(username: string, password: string): Promise<void> {
    const response = await this.fetcher("/api/auth/login", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ username, password }),
    });
    await this.accept(response);
  }

  /** Goes on with the session of the cookie; false when there is none. */
  async resume(): Promise<boolean> {
    try {
      await this.renew();
      return true;
    } catch (error) {
      if (error instanceof HttpProblem && error.status === 401) return false;
      throw error;
    }
  }

  async logout(): Promise<void> {
    this.token = undefined;
    this.account = undefined;
    await this.fetcher("/api/auth/logout", { method: "POST" });
  }

  /** The access token; renewed at four fifths of its life, or when the server refused it. One renewal at a time. */
  readonly provider: TokenProvider = async (reason) => {
    if (reason !== "refused" && this.token !== undefined && this.now() < this.renewAt) return this.token;
    return this.renew();
  };

  private renew(): Promise<string> {
    this.renewal ??= this.fetcher("/api/auth/refresh", { method: "POST" })
      .then((response) => this.accept(response))
      .finally(() => (this.renewal = undefined));
    return this.renewal;
  }

  private async accept(response: Response): Promise<string> {
    if (!response.ok) throw await problemOf(response);
    const { accessToken, expiresInSeconds, account } = (await response.json()) as SessionAnswer;
    this.token = accessToken;
    this.account = account;
    this.renewAt = this.now() + expiresInSeconds * 1_000 * RENEW_AFTER;
    return accessToken;
  }
}
