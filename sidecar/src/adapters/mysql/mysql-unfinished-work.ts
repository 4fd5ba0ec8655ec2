import type { Sequelize } from "sequelize";
import type { UnfinishedWork } from "../../pipeline/unfinished-work.js";
import { Statements } from "./statements.js";

const age = (column: string) =>
  `COALESCE(GREATEST(0, TIMESTAMPDIFF(MICROSECOND, MIN(${column}), UTC_TIMESTAMP(3)) / 1000000), 0)`;

/** Each by an index that begins with the state. */
const STATEMENT = `SELECT
  (SELECT ${age("arrived_at")} FROM instance WHERE rendition = 'pending' AND urgency = 'live') AS rendition,
  (SELECT ${age("queued_at")} FROM analysis WHERE state IN ('queued', 'running')) AS analysis,
  (SELECT ${age("created_at")} FROM direct_inference WHERE state = 'queued') AS inference`;

/** How old the oldest unfinished work is, by the clock of MySQL or MariaDB. */
export async function unfinishedWork(sequelize: Sequelize): Promise<UnfinishedWork> {
  const [row] = await new Statements(sequelize).select<Record<keyof UnfinishedWork, string | number>>(
    STATEMENT,
    {},
  );
  return {
    rendition: Number(row?.rendition ?? 0),
    analysis: Number(row?.analysis ?? 0),
    inference: Number(row?.inference ?? 0),
  };
}
