import { QueryTypes, type Sequelize, type Transaction } from "sequelize";
import type {
  Account,
  AccountStore,
  AccountWithSecret,
  RefreshToken,
} from "../../authorization/account-store.js";

const COLUMNS =
  "id, username, display_name AS displayName, role, password_hash AS passwordHash, locked_until AS lockedUntil";

/** Accounts and refresh tokens in MySQL or MariaDB. */
export class MySqlAccounts implements AccountStore {
  constructor(private readonly sequelize: Sequelize) {}

  async put(account: Omit<Account, "id">, passwordHash: string): Promise<void> {
    await this.run(
      `INSERT INTO account (username, display_name, role, password_hash) VALUES (:username, :displayName, :role, :passwordHash)
       ON DUPLICATE KEY UPDATE display_name = VALUES(display_name), role = VALUES(role), password_hash = VALUES(password_hash),
         failed_logins = 0, locked_until = NULL`,
      { ...account, passwordHash },
    );
  }

  async find(username: string): Promise<AccountWithSecret | null> {
    const [row] = await this.select<AccountWithSecret>(
      `SELECT ${COLUMNS} FROM account WHERE username = :username`,
      { username },
    );
    return row ?? null;
  }

  async get(id: number): Promise<Account | null> {
    const [row] = await this.select<Account>(
      "SELECT id, username, display_name AS displayName, role FROM account WHERE id = :id",
      { id },
    );
    return row ?? null;
  }

  async countFailure(id: number, limit: number, lockSeconds: number): Promise<void> {
    await this.run(
      `UPDATE account SET
         locked_until = IF(failed_logins + 1 >= :limit, TIMESTAMPADD(SECOND, :lockSeconds, UTC_TIMESTAMP(3)), locked_until),
         failed_logins = IF(failed_logins + 1 >= :limit, 0, failed_logins + 1)
       WHERE id = :id`,
      { id, limit, lockSeconds },
    );
  }

  async clearFailures(id: number): Promise<void> {
    await this.run("UPDATE account SET failed_logins = 0, locked_until = NULL WHERE id = :id", { id });
  }

  async addRefreshToken(token: RefreshToken): Promise<void> {
    await this.run("DELETE FROM refresh_token WHERE expires_at < UTC_TIMESTAMP(3) LIMIT 100", {});
    await this.run(
      "INSERT INTO refresh_token (token_hash, family, account_id, expires_at) VALUES (:tokenHash, :family, :accountId, :expiresAt)",
      { ...token },
    );
  }

  useRefreshToken(
    tokenHash: string,
  ): Promise<{ outcome: "used"; token: RefreshToken } | { outcome: "reused" | "unknown" }> {
    return this.sequelize.transaction(async (transaction) => {
      const [row] = await this.select<RefreshToken & { usedAt: Date | null }>(
        `SELECT token_hash AS tokenHash, family, account_id AS accountId, expires_at AS expiresAt, used_at AS usedAt
         FROM refresh_token WHERE token_hash = :tokenHash AND expires_at > UTC_TIMESTAMP(3) FOR UPDATE`,
        { tokenHash },
        transaction,
      );
      if (row === undefined) return { outcome: "unknown" };
      if (row.usedAt !== null) {
        // Somebody holds a copy: neither the thief nor the owner goes on.
        await this.run(
          "DELETE FROM refresh_token WHERE family = :family",
          { family: row.family },
          transaction,
        );
        return { outcome: "reused" };
      }
      await this.run(
        "UPDATE refresh_token SET used_at = UTC_TIMESTAMP(3) WHERE token_hash = :tokenHash",
        { tokenHash },
        transaction,
      );
      return { outcome: "used", token: row };
    });
  }

  async revokeFamilyOf(tokenHash: string): Promise<void> {
    const [row] = await this.select<{ family: string }>(
      "SELECT family FROM refresh_token WHERE token_hash = :tokenHash",
      { tokenHash },
    );
    if (row !== undefined)
      await this.run("DELETE FROM refresh_token WHERE family = :family", { family: row.family });
  }

  private select<T extends object>(
    statement: string,
    replacements: Record<string, unknown>,
    transaction?: Transaction,
  ): Promise<T[]> {
    return this.sequelize.query<T>(statement, {
      replacements,
      type: QueryTypes.SELECT,
      ...(transaction ? { transaction } : {}),
    });
  }

  private async run(
    statement: string,
    replacements: Record<string, unknown>,
    transaction?: Transaction,
  ): Promise<void> {
    await this.sequelize.query(statement, {
      replacements,
      type: QueryTypes.RAW,
      ...(transaction ? { transaction } : {}),
    });
  }
}
