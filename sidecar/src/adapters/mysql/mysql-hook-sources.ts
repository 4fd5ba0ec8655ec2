import type { Sequelize } from "sequelize";
import type { HookSource, HookSourceDetails, HookSourcePatch } from "../../hooks/hook-source.js";
import type { HookSourceStore } from "../../hooks/hook-store.js";
import { isHookType } from "../../hooks/hook-types.js";
import { rotated, type SigningSecret } from "../../webhooks/signature.js";
import { endMessagesOf } from "./mysql-hook-messages.js";
import { scoped } from "./mysql-credentials.js";
import { openSecrets } from "./mysql-webhooks.js";
import { repeatedTransaction } from "./repeated-transaction.js";
import type { SealedBox } from "./sealed-box.js";
import { Statements } from "./statements.js";

type Row = Omit<HookSource, "types" | "permissions" | "labels" | "apiKeys" | "enabled"> & {
  /** JSON. */
  readonly types: string;
  readonly permissions: string;
  readonly labels: string;
  readonly apiKeys: string;
  readonly enabled: number | boolean;
};

const SOURCE = `SELECT name, description, types, permissions, labels, issuer, api_keys AS apiKeys, enabled,
  created_by AS createdBy, created_at AS createdAt, changed_at AS changedAt FROM hook_source`;
/** The columns that hold JSON, by their members. */
const COLUMNS: Readonly<Record<string, string>> = { apiKeys: "api_keys" };

/** Nobody has to be woken. */
const ignored = () => undefined;

/** Sources of hooks in MySQL or MariaDB; their secrets are sealed. */
export class MySqlHookSources implements HookSourceStore {
  private readonly statements: Statements;

  constructor(
    private readonly sequelize: Sequelize,
    private readonly box: SealedBox,
  ) {
    this.statements = new Statements(sequelize);
  }

  add(details: HookSourceDetails, secret: string, createdBy: string): Promise<boolean> {
    return repeatedTransaction(this.sequelize, ignored, async (transaction) => {
      const added = await this.statements.change(
        `INSERT IGNORE INTO hook_source (name, description, types, permissions, labels, issuer, api_keys, sealed_secrets, created_by)
         VALUES (:name, :description, :types, :permissions, :labels, :issuer, :apiKeys, :sealed, :createdBy)`,
        { ...columnsOf(details), sealed: this.seal([{ secret }]), createdBy },
        transaction,
      );
      // A message that was on its way while its source was removed is of the former one, too.
      if (added > 0) await endMessagesOf(details.name, this.statements, transaction);
      return added > 0;
    });
  }

  async list(): Promise<HookSource[]> {
    return (await this.statements.select<Row>(`${SOURCE} ORDER BY name`, {})).map(sourceOf);
  }

  async get(name: string): Promise<HookSource | null> {
    if (!isName(name)) return null;
    const [row] = await this.statements.select<Row>(`${SOURCE} WHERE name = :name`, { name });
    return row === undefined ? null : sourceOf(row);
  }

  async secrets(name: string): Promise<readonly SigningSecret[]> {
    const [row] = await this.statements.select<{ sealed: Buffer }>(
      "SELECT sealed_secrets AS sealed FROM hook_source WHERE name = :name",
      { name },
    );
    return row === undefined ? [] : openSecrets(this.box, row.sealed);
  }

  async change(name: string, patch: HookSourcePatch): Promise<void> {
    const values = columnsOf(patch);
    const sets = Object.keys(values).map((member) => `${COLUMNS[member] ?? member} = :${member}`);
    await this.statements.change(
      `UPDATE hook_source SET ${[...sets, "changed_at = UTC_TIMESTAMP(3)"].join(", ")} WHERE name = :source`,
      { ...values, source: name },
    );
  }

  async remove(name: string): Promise<boolean> {
    if (!isName(name)) return false;
    return repeatedTransaction(this.sequelize, ignored, async (transaction) => {
      const removed = await this.statements.change(
        "DELETE FROM hook_source WHERE name = :name",
        { name },
        transaction,
      );
      if (removed > 0) await endMessagesOf(name, this.statements, transaction);
      return removed > 0;
    });
  }

  rotate(name: string, secret: string, formerUntil: number): Promise<boolean> {
    return this.statements.transaction(async (transaction) => {
      if (!isName(name)) return false;
      const [row] = await this.statements.select<{ sealed: Buffer }>(
        "SELECT sealed_secrets AS sealed FROM hook_source WHERE name = :name FOR UPDATE",
        { name },
        transaction,
      );
      if (row === undefined) return false;
      const secrets = rotated(secret, openSecrets(this.box, row.sealed), formerUntil, Date.now());
      await this.statements.change(
        "UPDATE hook_source SET sealed_secrets = :sealed, changed_at = UTC_TIMESTAMP(3) WHERE name = :name",
        { name, sealed: this.seal(secrets) },
        transaction,
      );
      return true;
    });
  }

  private seal(secrets: readonly SigningSecret[]): Buffer {
    return this.box.seal(JSON.stringify(secrets));
  }
}

/** A name that no source can have is not even asked for: the column is ASCII. */
function isName(name: string): boolean {
  return /^[a-z0-9-]{1,32}$/.test(name);
}

function columnsOf(values: object): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(values)
      .filter(([, value]) => value !== undefined)
      .map(([name, value]: [string, unknown]) => [
        name,
        Array.isArray(value) ? JSON.stringify(value) : value,
      ]),
  );
}

function sourceOf(row: Row): HookSource {
  return {
    ...scoped(row),
    types: (JSON.parse(row.types) as string[]).filter(isHookType),
    apiKeys: JSON.parse(row.apiKeys) as number[],
    enabled: Boolean(row.enabled),
  };
}
