import { QueryTypes, type Sequelize } from "sequelize";

/** The database answers, and nothing can be kept: as a replica does, or what was the primary before a failover. */
export class DatabaseTakesNoWrites extends Error {
  override readonly name = "DatabaseTakesNoWrites";
  readonly code = "database-takes-no-writes";
}

/** MariaDB and MySQL: the server runs with --read-only. MySQL: the same, by another name. */
const REFUSALS: ReadonlySet<unknown> = new Set(["ER_OPTION_PREVENTS_STATEMENT", "ER_READ_ONLY_MODE"]);

/**
 * Asks the database whether it takes writes, without one.
 * @throws DatabaseTakesNoWrites
 */
export async function databaseTakesWrites(sequelize: Sequelize): Promise<void> {
  const [row] = await sequelize.query<{ readOnly: number | string }>(
    "SELECT @@global.read_only AS readOnly",
    { type: QueryTypes.SELECT },
  );
  // MariaDB 12 has words for it.
  if (["0", "OFF"].includes(String(row?.readOnly))) return;
  try {
    // Some accounts may write all the same. It is refused before it is looked at, and changes nothing.
    await sequelize.query("UPDATE position_cursor SET name = name WHERE 1 = 0");
  } catch (error) {
    if (!isReadOnly(error)) throw error;
    throw new DatabaseTakesNoWrites("the database takes no writes: it is read-only", { cause: error });
  }
}

/** Whether a statement was refused because the server takes no writes. */
export function isReadOnly(error: unknown): boolean {
  for (let cause = error; cause instanceof Error; cause = cause.cause)
    if (REFUSALS.has((cause as { original?: { code?: unknown } }).original?.code)) return true;
  return false;
}
