import type { Transaction } from "sequelize";
import type { RefreshToken, RefreshUse } from "../../authorization/account-store.js";
import type { Statements } from "./statements.js";

interface TokenRow extends RefreshToken {
  readonly usedAt: Date | null;
}

/**
 * Refresh tokens in MySQL or MariaDB. Whatever makes or ends sessions locks the account's row first: a family that is
 * being revoked gets no successor behind the revocation's back.
 */
export abstract class RefreshTokens {
  protected constructor(protected readonly statements: Statements) {}

  async addRefreshToken(token: RefreshToken, version: number): Promise<boolean> {
    await this.statements.change(
      "DELETE FROM refresh_token WHERE expires_at < UTC_TIMESTAMP(3) LIMIT 100",
      {},
    );
    return this.statements.transaction(async (transaction) => {
      await this.lockAccount(token.accountId, transaction);
      const current = await this.statements.select(
        `SELECT 1 FROM account JOIN account_access AS access ON access.account_id = account.id
         WHERE account.id = :accountId AND access.token_version = :version AND NOT access.disabled
           AND (account.locked_until IS NULL OR account.locked_until <= UTC_TIMESTAMP(3)) FOR UPDATE`,
        { accountId: token.accountId, version },
        transaction,
      );
      if (current.length === 0) return false;
      await this.insertToken(token, transaction);
      return true;
    });
  }

  rotateRefreshToken(tokenHash: string, successorHash: string): Promise<RefreshUse> {
    return this.statements.transaction(async (transaction) => {
      const row = await this.lockToken(tokenHash, transaction);
      if (row === undefined || row.expiresAt.getTime() <= Date.now()) return { outcome: "unknown" };
      const { family, accountId, expiresAt } = row;
      if (row.usedAt !== null) {
        // Somebody holds a copy: neither the thief nor the owner goes on.
        await this.endFamily(family, transaction);
        return { outcome: "reused", accountId };
      }
      await this.statements.change(
        "UPDATE refresh_token SET used_at = UTC_TIMESTAMP(3) WHERE token_hash = :tokenHash",
        { tokenHash },
        transaction,
      );
      await this.insertToken({ tokenHash: successorHash, family, accountId, expiresAt }, transaction);
      return { outcome: "used", token: row };
    });
  }

  revokeFamilyOf(tokenHash: string): Promise<number | null> {
    return this.statements.transaction(async (transaction) => {
      const row = await this.lockToken(tokenHash, transaction);
      if (row !== undefined) await this.endFamily(row.family, transaction);
      return row?.accountId ?? null;
    });
  }

  protected async endSessions(accountId: number, transaction: Transaction): Promise<void> {
    await this.lockAccount(accountId, transaction);
    await this.statements.change(
      "DELETE FROM refresh_token WHERE account_id = :accountId",
      { accountId },
      transaction,
    );
  }

  private async endFamily(family: string, transaction: Transaction): Promise<void> {
    await this.statements.change("DELETE FROM refresh_token WHERE family = :family", { family }, transaction);
  }

  /** The token's row, read after its account was locked. */
  private async lockToken(tokenHash: string, transaction: Transaction): Promise<TokenRow | undefined> {
    const read = () =>
      this.statements.select<TokenRow>(
        `SELECT token_hash AS tokenHash, family, account_id AS accountId, expires_at AS expiresAt, used_at AS usedAt
         FROM refresh_token WHERE token_hash = :tokenHash`,
        { tokenHash },
        transaction,
      );
    const [found] = await read();
    if (found === undefined) return undefined;
    await this.lockAccount(found.accountId, transaction);
    // READ COMMITTED: what others did while this waited for the lock is seen.
    return (await read())[0];
  }

  private async lockAccount(accountId: number, transaction: Transaction): Promise<void> {
    await this.statements.select(
      "SELECT 1 FROM account WHERE id = :accountId FOR UPDATE",
      { accountId },
      transaction,
    );
  }

  private async insertToken(token: RefreshToken, transaction: Transaction): Promise<void> {
    await this.statements.change(
      "INSERT INTO refresh_token (token_hash, family, account_id, expires_at) VALUES (:tokenHash, :family, :accountId, :expiresAt)",
      { ...token },
      transaction,
    );
  }
}
