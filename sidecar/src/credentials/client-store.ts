import type { JSONWebKeySet } from "jose";
import type { Permission } from "../authorization/permissions.js";

/** A program registered for client_credentials (SMART Backend Services). */
export interface OAuthClient {
  readonly clientId: string;
  readonly name: string;
  readonly permissions: readonly Permission[];
  readonly labels: readonly string[];
  /** Public keys, inline… */
  readonly jwks: JSONWebKeySet | null;
  /** …or where they are. */
  readonly jwksUri: string | null;
  readonly createdBy: string;
  readonly createdAt: Date;
  readonly revokedAt: Date | null;
}

export interface ClientStore {
  /** False when the client identifier was ever used. */
  add(client: Omit<OAuthClient, "createdAt" | "revokedAt">): Promise<boolean>;
  list(): Promise<OAuthClient[]>;
  find(clientId: string): Promise<OAuthClient | null>;
  revoke(clientId: string): Promise<boolean>;
  /** Notes an assertion's `jti`; false when it was noted before (RFC 7523 section 3). */
  useAssertion(clientId: string, jti: string, expiresAt: Date): Promise<boolean>;
}
