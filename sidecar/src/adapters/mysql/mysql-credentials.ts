import { createHash } from "node:crypto";
import type { Sequelize } from "sequelize";
import type { JSONWebKeySet } from "jose";
import { isPermission, type Permission } from "../../authorization/permissions.js";
import type { ApiKeyDetails, ApiKeyStore, NewApiKey } from "../../credentials/api-key-store.js";
import type { ClientStore, OAuthClient } from "../../credentials/client-store.js";
import { Statements } from "./statements.js";

interface ScopedRow {
  /** JSON. */
  readonly permissions: string;
  readonly labels: string;
}
type Row<T> = Omit<T, "permissions" | "labels" | "jwks"> & ScopedRow;

const KEY = `SELECT id, name, permissions, labels, created_by AS createdBy, created_at AS createdAt, expires_at AS expiresAt,
  revoked_at AS revokedAt, last_used_at AS lastUsedAt FROM api_key`;
const CLIENT = `SELECT client_id AS clientId, name, permissions, labels, jwks, jwks_uri AS jwksUri, created_by AS createdBy,
  created_at AS createdAt, revoked_at AS revokedAt FROM oauth_client`;

/** API keys in MySQL or MariaDB. */
export class MySqlApiKeys implements ApiKeyStore {
  private readonly statements: Statements;

  constructor(sequelize: Sequelize) {
    this.statements = new Statements(sequelize);
  }

  add({ permissions, labels, ...key }: NewApiKey, keyHash: string): Promise<number> {
    return this.statements.insert(
      `INSERT INTO api_key (name, key_hash, permissions, labels, created_by, expires_at)
       VALUES (:name, :keyHash, :permissions, :labels, :createdBy, :expiresAt)`,
      { ...key, keyHash, permissions: JSON.stringify(permissions), labels: JSON.stringify(labels) },
    );
  }

  async list(): Promise<ApiKeyDetails[]> {
    return (await this.statements.select<Row<ApiKeyDetails>>(`${KEY} ORDER BY id`, {})).map(scoped);
  }

  async revoke(id: number): Promise<boolean> {
    const changed = await this.statements.change(
      "UPDATE api_key SET revoked_at = UTC_TIMESTAMP(3) WHERE id = :id AND revoked_at IS NULL",
      { id },
    );
    return changed > 0;
  }

  async byHash(keyHash: string): Promise<ApiKeyDetails | null> {
    const [row] = await this.statements.select<Row<ApiKeyDetails>>(`${KEY} WHERE key_hash = :keyHash`, {
      keyHash,
    });
    return row === undefined ? null : scoped(row);
  }

  async touch(id: number): Promise<void> {
    await this.statements.change(
      `UPDATE api_key SET last_used_at = UTC_TIMESTAMP(3)
       WHERE id = :id AND (last_used_at IS NULL OR last_used_at < TIMESTAMPADD(MINUTE, -1, UTC_TIMESTAMP(3)))`,
      { id },
    );
  }
}

/** Registered clients in MySQL or MariaDB. */
export class MySqlClients implements ClientStore {
  private readonly statements: Statements;

  constructor(sequelize: Sequelize) {
    this.statements = new Statements(sequelize);
  }

  async add(client: Omit<OAuthClient, "createdAt" | "revokedAt">): Promise<boolean> {
    const { permissions, labels, jwks } = client;
    const added = await this.statements.change(
      `INSERT IGNORE INTO oauth_client (client_id, name, permissions, labels, jwks, jwks_uri, created_by)
       VALUES (:clientId, :name, :permissions, :labels, :jwks, :jwksUri, :createdBy)`,
      {
        ...client,
        permissions: JSON.stringify(permissions),
        labels: JSON.stringify(labels),
        jwks: jwks === null ? null : JSON.stringify(jwks),
      },
    );
    return added > 0;
  }

  async list(): Promise<OAuthClient[]> {
    const rows = await this.statements.select<ClientRow>(`${CLIENT} ORDER BY client_id`, {});
    return rows.map(clientOf);
  }

  async find(clientId: string): Promise<OAuthClient | null> {
    // A name that no client can have is not even asked for: the column is ASCII.
    if (!/^[A-Za-z0-9._-]{1,64}$/.test(clientId)) return null;
    const [row] = await this.statements.select<ClientRow>(`${CLIENT} WHERE client_id = :clientId`, {
      clientId,
    });
    return row === undefined ? null : clientOf(row);
  }

  async revoke(clientId: string): Promise<boolean> {
    if (!/^[A-Za-z0-9._-]{1,64}$/.test(clientId)) return false;
    const changed = await this.statements.change(
      "UPDATE oauth_client SET revoked_at = UTC_TIMESTAMP(3) WHERE client_id = :clientId AND revoked_at IS NULL",
      { clientId },
    );
    return changed > 0;
  }

  async useAssertion(clientId: string, jti: string, expiresAt: Date): Promise<boolean> {
    await this.statements.change(
      "DELETE FROM client_assertion WHERE expires_at < UTC_TIMESTAMP(3) LIMIT 100",
      {},
    );
    const jtiHash = createHash("sha256").update(jti).digest("hex");
    const added = await this.statements.change(
      "INSERT IGNORE INTO client_assertion (client_id, jti_hash, expires_at) VALUES (:clientId, :jtiHash, :expiresAt)",
      { clientId, jtiHash, expiresAt },
    );
    return added > 0;
  }
}

type ClientRow = Row<OAuthClient> & { readonly jwks: string | null };

function clientOf({ jwks, ...row }: ClientRow): OAuthClient {
  return { ...scoped(row), jwks: jwks === null ? null : (JSON.parse(jwks) as JSONWebKeySet) };
}

/** A permission that the table no longer has is nobody's. */
export function scoped<T extends ScopedRow>({
  permissions,
  labels,
  ...row
}: T): Omit<T, keyof ScopedRow> & { permissions: Permission[]; labels: string[] } {
  return {
    ...row,
    permissions: (JSON.parse(permissions) as string[]).filter(isPermission),
    labels: JSON.parse(labels) as string[],
  };
}
