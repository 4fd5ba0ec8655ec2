import type { Sequelize, Transaction } from "sequelize";
import { GENESIS_HASH, sealAll, type AuditRecord, type SealedRecord } from "../../audit/chain.js";
import type { AuditChain } from "../../audit/audit-chain.js";
import type { Anchor, ChainReads } from "../../audit/verify.js";
import { RECORD_COLUMNS, SEAL_COLUMNS, instant, selected } from "./audit-columns.js";
import { OutboxModel } from "./models/work.js";
import { Statements } from "./statements.js";

const SEALED = `SELECT ${selected({ ...RECORD_COLUMNS, ...SEAL_COLUMNS })} FROM audit_record`;
/** A FHIR message is about this many rows at most. */
const ROWS_IN_MESSAGE = 50;
const ROWS_REMOVED_AT_ONCE = 5_000;
const NO_HEAD = "the head of the audit chain is not there";

/** The hash chain in MySQL or MariaDB: whoever seals holds the row of the head. */
export class MySqlAuditChain implements AuditChain, ChainReads {
  private readonly statements: Statements;

  constructor(sequelize: Sequelize) {
    this.statements = new Statements(sequelize);
  }

  seal(limit: number, announce: boolean): Promise<SealedRecord[]> {
    return this.statements.transaction(async (transaction) => {
      const head = await this.lockHead(transaction);
      const rows = await this.statements.select<AuditRecord>(
        `SELECT ${selected(RECORD_COLUMNS)} FROM audit_record WHERE sequence IS NULL ORDER BY id LIMIT :limit`,
        { limit },
        transaction,
      );
      if (rows.length === 0) return [];
      const sealed = sealAll(rows, head, new Date());
      await this.writeSeals(sealed, transaction);
      if (announce) await addMessages(sealed, transaction);
      return sealed;
    });
  }

  sealedAfter(sequence: number, limit: number): Promise<SealedRecord[]> {
    return this.statements.select<SealedRecord>(
      `${SEALED} WHERE sequence > :sequence ORDER BY sequence LIMIT :limit`,
      { sequence, limit },
    );
  }

  between(first: number, last: number): Promise<SealedRecord[]> {
    return this.statements.select<SealedRecord>(
      `${SEALED} WHERE sequence BETWEEN :first AND :last ORDER BY sequence`,
      { first, last },
    );
  }

  async head(): Promise<Anchor & { readonly sealedAt: Date | null }> {
    const [head] = await this.statements.select<Anchor & { sealedAt: Date | null }>(
      "SELECT sequence, hash, sealed_at AS sealedAt FROM audit_head WHERE name = 'chain'",
      {},
    );
    return head ?? { sequence: 0, hash: GENESIS_HASH, sealedAt: null };
  }

  async look(): Promise<Anchor & { readonly rowsWait: boolean }> {
    const [head] = await this.statements.select<Anchor & { rowsWait: number }>(
      `SELECT sequence, hash, EXISTS (SELECT 1 FROM audit_record WHERE audit_record.sequence IS NULL) AS rowsWait
       FROM audit_head WHERE name = 'chain'`,
      {},
    );
    if (head === undefined) throw new Error(NO_HEAD);
    const { sequence, hash, rowsWait } = head;
    return { sequence, hash, rowsWait: rowsWait === 1 };
  }

  async waiting(): Promise<number> {
    const [row] = await this.statements.select<{ waiting: number }>(
      "SELECT COUNT(*) AS waiting FROM audit_record WHERE sequence IS NULL",
      {},
    );
    return row?.waiting ?? 0;
  }

  async lastBefore(sealedBefore: Date): Promise<Anchor | null> {
    const [last] = await this.statements.select<Anchor>(
      "SELECT sequence, hash FROM audit_record WHERE sealed_at < :sealedBefore ORDER BY sealed_at DESC, sequence DESC LIMIT 1",
      { sealedBefore: instant(sealedBefore) },
    );
    return last ?? null;
  }

  async removeThrough(sequence: number): Promise<number> {
    let removed = 0;
    for (;;) {
      // From the start, so that what is there is a chain at every moment.
      const some = await this.statements.change(
        `DELETE FROM audit_record WHERE sequence <= :sequence ORDER BY sequence LIMIT ${ROWS_REMOVED_AT_ONCE}`,
        { sequence },
      );
      removed += some;
      if (some < ROWS_REMOVED_AT_ONCE) return removed;
    }
  }

  /** The row is made by the migration; somebody who removes it does not get a new chain for it. */
  private async lockHead(transaction: Transaction): Promise<Anchor> {
    const [head] = await this.statements.select<Anchor>(
      "SELECT sequence, hash FROM audit_head WHERE name = 'chain' FOR UPDATE",
      {},
      transaction,
    );
    if (head === undefined) throw new Error(NO_HEAD);
    return head;
  }

  private async writeSeals(sealed: readonly SealedRecord[], transaction: Transaction): Promise<void> {
    const last = sealed.at(-1);
    if (last === undefined) return;
    const sealedAt = instant(last.sealedAt);
    const values: Record<string, unknown> = { sealedAt };
    const seals = sealed.map(({ id, sequence, previousHash, hash }, index) => {
      Object.assign(values, {
        [`id${index}`]: id,
        [`sequence${index}`]: sequence,
        [`previous${index}`]: previousHash,
        [`hash${index}`]: hash,
      });
      return `SELECT :id${index} AS id, :sequence${index} AS sequence, :previous${index} AS previous_hash, :hash${index} AS hash`;
    });
    const changed = await this.statements.change(
      `UPDATE audit_record JOIN (${seals.join(" UNION ALL ")}) AS seal ON seal.id = audit_record.id
       SET audit_record.sequence = seal.sequence, audit_record.sealed_at = :sealedAt,
         audit_record.previous_hash = seal.previous_hash, audit_record.hash = seal.hash
       WHERE audit_record.sequence IS NULL`,
      values,
      transaction,
    );
    if (changed !== sealed.length)
      throw new Error("rows of the audit trail went away while they were sealed");
    await this.statements.change(
      "UPDATE audit_head SET sequence = :sequence, hash = :hash, sealed_at = :sealedAt WHERE name = 'chain'",
      { sequence: last.sequence, hash: last.hash, sealedAt },
      transaction,
    );
  }
}

/** In the transaction of the sealing: a row has a place and a message, or neither. */
async function addMessages(sealed: readonly SealedRecord[], transaction: Transaction): Promise<void> {
  const messages = [];
  for (let start = 0; start < sealed.length; start += ROWS_IN_MESSAGE) {
    const part = sealed.slice(start, start + ROWS_IN_MESSAGE);
    const subject = `${part[0]?.sequence ?? 0}-${part.at(-1)?.sequence ?? 0}`;
    messages.push({ destination: "fhir", aggregate: "audit", kind: "audit", subject });
  }
  await OutboxModel.bulkCreate(messages, { transaction });
}
