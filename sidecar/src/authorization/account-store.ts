import type { AccountRole } from "./roles.js";

export interface Account {
  readonly id: number;
  readonly username: string;
  readonly displayName: string;
  readonly role: AccountRole;
}

export interface AccountWithSecret extends Account {
  readonly passwordHash: string;
  readonly lockedUntil: Date | null;
}

export interface RefreshToken {
  readonly tokenHash: string;
  /** All tokens that descend from one login. */
  readonly family: string;
  readonly accountId: number;
  readonly expiresAt: Date;
}

/** Accounts and their sessions. */
export interface AccountStore {
  /** Creates the account or replaces its name, role and password. */
  put(account: Omit<Account, "id">, passwordHash: string): Promise<void>;
  find(username: string): Promise<AccountWithSecret | null>;
  get(id: number): Promise<Account | null>;
  /** Counts a failed login; at the limit the account is locked for the given time. */
  countFailure(id: number, limit: number, lockSeconds: number): Promise<void>;
  clearFailures(id: number): Promise<void>;
  addRefreshToken(token: RefreshToken): Promise<void>;
  /**
   * Marks a refresh token as used. `reused` when it was used before (its whole family is revoked then),
   * `unknown` when it does not exist or has expired.
   */
  useRefreshToken(
    tokenHash: string,
  ): Promise<{ outcome: "used"; token: RefreshToken } | { outcome: "reused" | "unknown" }>;
  revokeFamilyOf(tokenHash: string): Promise<void>;
}
