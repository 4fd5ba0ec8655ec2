import { UniqueConstraintError, type Sequelize, type Transaction } from "sequelize";
import { isAscii } from "../../ascii.js";
import type {
  AccountAccess,
  AccountDetails,
  AccountStore,
  AccountWithSecret,
  NewAccount,
} from "../../authorization/account-store.js";
import type { UserRole } from "../../authorization/permissions.js";
import { RefreshTokens } from "./refresh-tokens.js";
import { Statements } from "./statements.js";

const ACCOUNT = "FROM account JOIN account_access AS access ON access.account_id = account.id";
const COLUMNS = `account.id, account.username, account.display_name AS displayName, account.role`;
const SECRET = `SELECT ${COLUMNS}, account.password_hash AS passwordHash, account.locked_until AS lockedUntil,
  access.disabled, access.token_version AS version ${ACCOUNT}`;
const DETAILS = `SELECT ${COLUMNS}, account.locked_until AS lockedUntil, account.created_at AS createdAt, access.disabled, access.labels,
  access.patient_id AS patientId, access.issuer_of_patient_id AS issuerOfPatientId, access.password_changed_at AS passwordChangedAt ${ACCOUNT}`;

export interface AccessColumns {
  readonly disabled: number;
  /** JSON. */
  readonly labels: string;
  readonly patientId: string | null;
  readonly issuerOfPatientId: string | null;
}

type Row<T> = Omit<T, "disabled" | "labels" | "patient"> & AccessColumns;

/** Accounts in MySQL or MariaDB. */
export class MySqlAccounts extends RefreshTokens implements AccountStore {
  constructor(sequelize: Sequelize) {
    super(new Statements(sequelize));
  }

  put(account: NewAccount, passwordHash: string): Promise<void> {
    return this.statements.transaction(async (transaction) => {
      await this.statements.change(
        `INSERT INTO account (username, display_name, role, password_hash) VALUES (:username, :displayName, :role, :passwordHash)
         ON DUPLICATE KEY UPDATE display_name = VALUES(display_name), role = VALUES(role), password_hash = VALUES(password_hash),
           failed_logins = 0, locked_until = NULL`,
        { ...account, passwordHash },
        transaction,
      );
      const [row] = await this.statements.select<{ id: number }>(
        "SELECT id FROM account WHERE username = :username",
        { username: account.username },
        transaction,
      );
      await this.putAccess(row?.id ?? 0, account, transaction);
      await this.endSessions(row?.id ?? 0, transaction);
    });
  }

  async create(account: NewAccount, passwordHash: string): Promise<number | null> {
    try {
      return await this.statements.transaction(async (transaction) => {
        const id = await this.statements.insert(
          "INSERT INTO account (username, display_name, role, password_hash) VALUES (:username, :displayName, :role, :passwordHash)",
          { ...account, passwordHash },
          transaction,
        );
        await this.putAccess(id, account, transaction);
        return id;
      });
    } catch (error) {
      if (error instanceof UniqueConstraintError) return null;
      throw error;
    }
  }

  async list(limit: number, offset: number): Promise<AccountDetails[]> {
    const rows = await this.statements.select<Row<AccountDetails>>(
      `${DETAILS} ORDER BY account.username LIMIT :limit OFFSET :offset`,
      { limit, offset },
    );
    return rows.map(withAccess);
  }

  async details(id: number): Promise<AccountDetails | null> {
    const [row] = await this.statements.select<Row<AccountDetails>>(`${DETAILS} WHERE account.id = :id`, {
      id,
    });
    return row === undefined ? null : withAccess(row);
  }

  update(id: number, change: Partial<Omit<NewAccount, "username">>): Promise<boolean> {
    return this.statements.transaction(async (transaction) => {
      const [row] = await this.statements.select<Row<AccountDetails>>(
        `${DETAILS} WHERE account.id = :id FOR UPDATE`,
        { id },
        transaction,
      );
      if (row === undefined) return false;
      const account = { ...withAccess(row), ...change };
      const { displayName, role } = account;
      await this.statements.change(
        "UPDATE account SET display_name = :displayName, role = :role WHERE id = :id",
        { id, displayName, role },
        transaction,
      );
      await this.putAccess(id, account, transaction);
      if (account.disabled) await this.endSessions(id, transaction);
      return true;
    });
  }

  setPassword(id: number, passwordHash: string): Promise<boolean> {
    return this.statements.transaction(async (transaction) => {
      const changed = await this.statements.change(
        "UPDATE account SET password_hash = :passwordHash, failed_logins = 0, locked_until = NULL WHERE id = :id",
        { id, passwordHash },
        transaction,
      );
      if (changed === 0) return false;
      await this.statements.change(
        "UPDATE account_access SET password_changed_at = UTC_TIMESTAMP(3), token_version = token_version + 1 WHERE account_id = :id",
        { id },
        transaction,
      );
      await this.endSessions(id, transaction);
      return true;
    });
  }

  find(username: string): Promise<AccountWithSecret | null> {
    // Other text cannot be compared with the column; looked for all the same, it takes as long as any other unknown name.
    const comparable = isAscii(username) ? username : "";
    return this.withSecret(`${SECRET} WHERE account.username = :username`, { username: comparable });
  }

  get(id: number): Promise<AccountWithSecret | null> {
    return this.withSecret(`${SECRET} WHERE account.id = :id`, { id });
  }

  async countFailure(id: number, limit: number, lockSeconds: number): Promise<void> {
    await this.statements.change(
      `UPDATE account SET
         locked_until = IF(failed_logins + 1 >= :limit, TIMESTAMPADD(SECOND, :lockSeconds, UTC_TIMESTAMP(3)), locked_until),
         failed_logins = IF(failed_logins + 1 >= :limit, 0, failed_logins + 1)
       WHERE id = :id`,
      { id, limit, lockSeconds },
    );
  }

  async clearFailures(id: number): Promise<void> {
    await this.statements.change(
      "UPDATE account SET failed_logins = 0, locked_until = NULL WHERE id = :id AND (failed_logins > 0 OR locked_until IS NOT NULL)",
      { id },
    );
  }

  /** Every access token made before is void from now on. */
  private async putAccess(id: number, access: AccountAccess, transaction: Transaction): Promise<void> {
    await this.statements.change(
      `INSERT INTO account_access (account_id, disabled, labels, patient_id, issuer_of_patient_id)
       VALUES (:id, :disabled, :labels, :patientId, :issuerOfPatientId)
       ON DUPLICATE KEY UPDATE disabled = VALUES(disabled), labels = VALUES(labels), patient_id = VALUES(patient_id),
         issuer_of_patient_id = VALUES(issuer_of_patient_id), token_version = token_version + 1`,
      {
        id,
        disabled: access.disabled,
        labels: JSON.stringify(access.labels),
        patientId: access.patient?.patientId ?? null,
        issuerOfPatientId: access.patient?.issuerOfPatientId ?? null,
      },
      transaction,
    );
  }

  private async withSecret(
    statement: string,
    replacements: Record<string, unknown>,
  ): Promise<AccountWithSecret | null> {
    type SecretRow = Omit<AccountWithSecret, "disabled"> & { role: UserRole; disabled: number };
    const [row] = await this.statements.select<SecretRow>(statement, replacements);
    return row === undefined ? null : { ...row, disabled: row.disabled !== 0 };
  }
}

/** The columns of account_access, read. */
export function withAccess<T extends AccessColumns>({
  disabled,
  labels,
  patientId,
  issuerOfPatientId,
  ...rest
}: T): Omit<T, keyof AccessColumns> & AccountAccess {
  return {
    ...rest,
    disabled: disabled !== 0,
    labels: JSON.parse(labels) as string[],
    patient: patientId === null ? null : { patientId, issuerOfPatientId: issuerOfPatientId ?? "" },
  };
}
