import { createHash, randomBytes, randomUUID } from "node:crypto";
import { ApiError, type RefusalFacts } from "../error-response.js";
import { ACCESS_TOKEN_SECONDS, type AccessTokens } from "./access-token.js";
import type { Account, AccountStore, AccountWithSecret } from "./account-store.js";
import type { Passwords } from "./passwords.js";

/** From login to the next login, however often it is refreshed (OWASP ASVS 3.3.2, level 2). */
export const SESSION_SECONDS = 12 * 3_600;
const FAILURES_UNTIL_LOCKED = 5;
const LOCK_SECONDS = 300;

export interface Session {
  readonly accessToken: string;
  readonly tokenType: "Bearer";
  readonly expiresInSeconds: number;
  readonly account: Omit<Account, "id">;
  /** For the cookie, or the body of a client that asked for it there. */
  readonly refreshToken: string;
}

/** Logins, and sessions that go on by refresh tokens, each good for one use. */
export class Sessions {
  constructor(
    private readonly accounts: AccountStore,
    private readonly tokens: AccessTokens,
    private readonly passwords: Passwords,
    /** Has every process look identities up again. */
    private readonly changed: () => void,
  ) {}

  /** @throws ApiError 401 `invalid-credentials`, whichever part was wrong, also while locked */
  async login(username: string, password: string): Promise<Session> {
    const account = await this.accounts.find(username);
    // An unknown name costs the same time as a wrong password.
    const right = await this.passwords.matches(password, account?.passwordHash);
    if (!right || account === null || account.disabled || isLocked(account)) {
      // Counting costs a statement for everybody, whether there is such an account or not.
      const counted = account !== null && !right && !isLocked(account) ? account.id : 0;
      await this.accounts.countFailure(counted, FAILURES_UNTIL_LOCKED, LOCK_SECONDS);
      // Asked for every name, known or not: the audit trail tells the failure that locked the account from others.
      const after = await this.accounts.find(username);
      throw invalidCredentials({
        reason: reasonOf(account, after, right),
        ...(account === null ? {} : { who: factsOf(account) }),
      });
    }
    const { refreshToken, tokenHash, expiresAt } = newRefreshToken();
    const family = randomUUID();
    const token = { tokenHash, family, accountId: account.id, expiresAt };
    // Refused when the account was locked, disabled or given another password while this one was checked.
    if (!(await this.accounts.addRefreshToken(token, account.version)))
      throw invalidCredentials({ reason: "account-changed", who: factsOf(account) });
    await this.accounts.clearFailures(account.id);
    return this.session(account, family, refreshToken);
  }

  /** @throws ApiError 401 `no-session` */
  async refresh(usedToken: string): Promise<Session> {
    const { refreshToken, tokenHash } = newRefreshToken();
    const use = await this.accounts.rotateRefreshToken(sha256(usedToken), tokenHash);
    if (use.outcome === "reused") this.changed();
    const accountId =
      use.outcome === "used" ? use.token.accountId : use.outcome === "reused" ? use.accountId : null;
    const account = accountId === null ? null : await this.accounts.get(accountId);
    if (use.outcome !== "used" || account === null || account.disabled) {
      const reason =
        use.outcome === "reused"
          ? "refresh-token-reused"
          : use.outcome === "unknown"
            ? "refresh-token-unknown"
            : "account-disabled";
      throw new ApiError(
        401,
        "no-session",
        "There is no session to continue: log in.",
        {},
        { reason, ...(account === null ? {} : { who: factsOf(account) }) },
      );
    }
    return this.session(account, use.token.family, refreshToken);
  }

  /**
   * Ends the session: its refresh tokens at once, its access tokens within {@link IDENTITY_SECONDS}.
   * @returns whose it was; null when there was none
   */
  async logout(refreshToken: string): Promise<Account | null> {
    const accountId = await this.accounts.revokeFamilyOf(sha256(refreshToken));
    this.changed();
    return accountId === null ? null : this.accounts.get(accountId);
  }

  /**
   * Sets the account's own new password; every session of it ends.
   * @throws ApiError 401 `invalid-credentials` when the old password is wrong, which counts as a failed login
   */
  async changePassword(accountId: number, oldPassword: string, newPassword: string): Promise<void> {
    const account = await this.accounts.get(accountId);
    const right = await this.passwords.matches(oldPassword, account?.passwordHash);
    if (!right || account === null || account.disabled || isLocked(account)) {
      await this.accounts.countFailure(right ? 0 : accountId, FAILURES_UNTIL_LOCKED, LOCK_SECONDS);
      throw invalidCredentials({ reason: reasonOf(account, account, right) });
    }
    await this.accounts.setPassword(accountId, await this.passwords.hash(newPassword));
    this.changed();
  }

  private async session(
    { id, username, displayName, role, version }: AccountWithSecret,
    family: string,
    refreshToken: string,
  ): Promise<Session> {
    return {
      accessToken: await this.tokens.sign({ subject: `account:${id}`, version, sessionId: family }),
      tokenType: "Bearer",
      expiresInSeconds: ACCESS_TOKEN_SECONDS,
      account: { username, displayName, role },
      refreshToken,
    };
  }
}

/** Why a login is refused: for auditors, never for whoever tries. */
function reasonOf(
  account: AccountWithSecret | null,
  after: AccountWithSecret | null,
  right: boolean,
): string {
  if (account === null) return "account-unknown";
  if (account.disabled) return "account-disabled";
  if (isLocked(account)) return "account-locked";
  if (after !== null && isLocked(after)) return "account-locked-now";
  return right ? "account-changed" : "password-wrong";
}

function factsOf({ id, displayName, role }: Account): NonNullable<RefusalFacts["who"]> {
  return { subject: `account:${id}`, displayName, role };
}

function isLocked({ lockedUntil }: AccountWithSecret): boolean {
  return lockedUntil !== null && lockedUntil.getTime() > Date.now();
}

function invalidCredentials(facts: RefusalFacts): ApiError {
  return new ApiError(
    401,
    "invalid-credentials",
    "User name or password is wrong, or the account is locked for some minutes.",
    {},
    facts,
  );
}

function newRefreshToken(): { refreshToken: string; tokenHash: string; expiresAt: Date } {
  const refreshToken = randomBytes(32).toString("base64url");
  const expiresAt = new Date(Date.now() + SESSION_SECONDS * 1_000);
  return { refreshToken, tokenHash: sha256(refreshToken), expiresAt };
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
