import type { Permission } from "../authorization/permissions.js";

export interface ApiKeyDetails {
  readonly id: number;
  readonly name: string;
  readonly permissions: readonly Permission[];
  readonly labels: readonly string[];
  readonly createdBy: string;
  readonly createdAt: Date;
  readonly expiresAt: Date;
  readonly revokedAt: Date | null;
  readonly lastUsedAt: Date | null;
}

export type NewApiKey = Omit<ApiKeyDetails, "id" | "createdAt" | "revokedAt" | "lastUsedAt">;

/** API keys of integrators, by the hash of the key: the key itself is kept nowhere. */
export interface ApiKeyStore {
  add(key: NewApiKey, keyHash: string): Promise<number>;
  list(): Promise<ApiKeyDetails[]>;
  /** False when there is no such key in force. */
  revoke(id: number): Promise<boolean>;
  /** The key with this hash, whether in force or not. */
  byHash(keyHash: string): Promise<ApiKeyDetails | null>;
  /** Notes that it was used; to the minute. */
  touch(id: number): Promise<void>;
}
