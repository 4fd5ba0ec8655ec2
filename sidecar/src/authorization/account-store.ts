import type { PatientIdentity } from "../dicom/patient-key.js";
import type { UserRole } from "./permissions.js";

export interface Account {
  readonly id: number;
  readonly username: string;
  readonly displayName: string;
  readonly role: UserRole;
}

/** What an account may reach, and whether it is in use. */
export interface AccountAccess {
  readonly labels: readonly string[];
  readonly patient: PatientIdentity | null;
  readonly disabled: boolean;
}

export type NewAccount = Omit<Account, "id"> & AccountAccess;

export interface AccountDetails extends Account, AccountAccess {
  readonly lockedUntil: Date | null;
  readonly passwordChangedAt: Date;
  readonly createdAt: Date;
}

export interface AccountWithSecret extends Account {
  readonly passwordHash: string;
  readonly lockedUntil: Date | null;
  readonly disabled: boolean;
  /** Raised by whatever ends the tokens made before. */
  readonly version: number;
}

export interface RefreshToken {
  readonly tokenHash: string;
  /** All tokens that descend from one login. */
  readonly family: string;
  readonly accountId: number;
  readonly expiresAt: Date;
}

export type RefreshUse =
  | { readonly outcome: "used"; readonly token: RefreshToken }
  | { readonly outcome: "reused"; readonly accountId: number }
  | { readonly outcome: "unknown" };

/** Accounts and their sessions. */
export interface AccountStore {
  /** Creates the account or replaces all of it; every session of it ends. */
  put(account: NewAccount, passwordHash: string): Promise<void>;
  /** Creates the account; null when the user name is taken. */
  create(account: NewAccount, passwordHash: string): Promise<number | null>;
  list(limit: number, offset: number): Promise<AccountDetails[]>;
  details(id: number): Promise<AccountDetails | null>;
  /** Changes what is given; every token of the account is void. False when there is no such account. */
  update(id: number, change: Partial<Omit<NewAccount, "username">>): Promise<boolean>;
  /** Sets another password, unlocks the account and ends every session of it. */
  setPassword(id: number, passwordHash: string): Promise<boolean>;
  find(username: string): Promise<AccountWithSecret | null>;
  get(id: number): Promise<AccountWithSecret | null>;
  /** Counts a failed login; at the limit the account is locked for the given time. */
  countFailure(id: number, limit: number, lockSeconds: number): Promise<void>;
  clearFailures(id: number): Promise<void>;
  /** False when the account was locked, disabled or changed (its version is another) since it was read. */
  addRefreshToken(token: RefreshToken, version: number): Promise<boolean>;
  /**
   * Exchanges a refresh token for its successor, all or nothing; the successor ends when the first token of the login
   * does. `reused` when it was used before (its whole family is revoked then), `unknown` when it does not exist or has
   * expired.
   */
  rotateRefreshToken(tokenHash: string, successorHash: string): Promise<RefreshUse>;
  /** @returns whose it was; null when there is no such token */
  revokeFamilyOf(tokenHash: string): Promise<number | null>;
}
