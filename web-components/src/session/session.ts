import { HttpProblem, problemOf } from "./http.js";
import type { TokenProvider } from "./token-provider.js";

export interface Account {
  readonly username: string;
  readonly displayName: string;
  readonly role: string;
}

interface TokenAnswer {
  readonly accessToken: string;
  readonly expiresInSeconds: number;
  /** Absent for a share link, which is nobody's account. */
  readonly account?: Account;
}

interface LaunchAnswer extends TokenAnswer {
  readonly displayName: string;
  readonly patientId: string;
}

interface ShareAnswer extends TokenAnswer {
  readonly studyInstanceUids: readonly string[];
}

/** Runs one task at a time among all tabs of the browser. */
export type TurnTaking = <T>(task: () => Promise<T>) => Promise<T>;

/** Part of a token's life after which a new one is fetched. */
const RENEW_AFTER = 0.8;

/**
 * The page's own login. The access token is kept in memory only; the session goes on by a cookie no script can read,
 * so a reload of the page stays logged in.
 */
export class Session {
  account: Account | undefined;
  /** Of a session that an EMR launched: who it is, and the only patient it shows. */
  launched: { readonly displayName: string; readonly patientId: string } | undefined;
  /** Called when a launched session has ended: nothing of its patient is to be shown any more. */
  onLaunchOver: (() => void) | undefined;
  private token: string | undefined;
  private renewAt = 0;
  private renewal: Promise<string> | undefined;
  /** A refresh token is good for one use: two tabs that used it at once would end the session of both. */
  private askForToken = (): Promise<Response> =>
    this.inTurn(() => this.fetcher("/api/auth/refresh", { method: "POST" }));
  private askForEnd = (): Promise<Response> => this.fetcher("/api/auth/logout", { method: "POST" });

  constructor(
    private readonly fetcher: typeof fetch = (...parameters) => fetch(...parameters),
    private readonly now: () => number = Date.now,
    private readonly inTurn: TurnTaking = turnsAmongTabs,
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

  /**
   * Exchanges the token of a share link, and goes on with it. The account's own session, if any, stays as it is.
   * @returns the studies that are shared
   * @throws HttpProblem `share-link-expired`, `share-link-invalid`
   */
  async openShare(shareToken: string): Promise<readonly string[]> {
    const response = await this.fetcher("/api/share-links/exchange", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ token: shareToken }),
    });
    const { studyInstanceUids } = (await this.accept(response)) as ShareAnswer;
    this.askForToken = () =>
      this.fetcher("/api/share-links/renewal", {
        method: "POST",
        headers: { Authorization: `Bearer ${this.token ?? ""}` },
      });
    return studyInstanceUids;
  }

  /**
   * Goes on with a session that an EMR launched, by the cookie of that one alone: another tab may show another patient.
   * @throws HttpProblem 401 `launch-over`
   */
  async openLaunch(id: string): Promise<void> {
    this.askForToken = () => this.fetcher(`/api/launches/${id}/renewal`, { method: "POST" });
    this.askForEnd = () => this.fetcher(`/api/launches/${id}`, { method: "DELETE" });
    const response = await this.askForToken();
    const { displayName, patientId } = (await this.accept(response)) as LaunchAnswer;
    this.launched = { displayName, patientId };
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

  /**
   * Opens Orthanc Explorer to this browser, by a cookie for that alone.
   * @returns its address
   * @throws HttpProblem 403 for everybody but administrators who reach every study
   */
  async openOrthancExplorer(): Promise<string> {
    const response = await this.fetcher("/api/auth/orthanc-session", {
      method: "POST",
      headers: { Authorization: `Bearer ${await this.provider("initial")}` },
    });
    if (!response.ok) throw await problemOf(response);
    return ((await response.json()) as { address: string }).address;
  }

  async logout(): Promise<void> {
    this.token = undefined;
    this.account = undefined;
    this.launched = undefined;
    await this.askForEnd();
  }

  /**
   * The access token; renewed at four fifths of its life, or when the server refused it. One renewal at a time, and none
   * for an older token's refusal that comes late.
   */
  readonly provider: TokenProvider = async (reason, refused) => {
    const isGood = this.token !== undefined && this.now() < this.renewAt;
    const wasReplaced = refused !== undefined && refused !== this.token;
    if (isGood && this.token !== undefined && (reason !== "refused" || wasReplaced)) return this.token;
    return this.renew();
  };

  private renew(): Promise<string> {
    this.renewal ??= this.askForToken()
      .then((response) => this.accept(response))
      .then(
        ({ accessToken }) => accessToken,
        (error: unknown) => {
          if (error instanceof HttpProblem && error.code === "launch-over") this.onLaunchOver?.();
          throw error;
        },
      )
      .finally(() => (this.renewal = undefined));
    return this.renewal;
  }

  private async accept(response: Response): Promise<TokenAnswer> {
    if (!response.ok) throw await problemOf(response);
    const answer = (await response.json()) as TokenAnswer;
    this.token = answer.accessToken;
    this.account = answer.account;
    this.renewAt = this.now() + answer.expiresInSeconds * 1_000 * RENEW_AFTER;
    return answer;
  }
}

/** By Web Locks, where the page may use them (a secure context). */
function turnsAmongTabs<T>(task: () => Promise<T>): Promise<T> {
  const { locks } = globalThis.navigator as { locks?: LockManager };
  return locks === undefined ? task() : locks.request("neuronova-refresh", task);
}
