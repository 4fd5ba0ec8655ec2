import { QueryTypes, type Sequelize } from "sequelize";
import type { UmzugStorage } from "umzug";
import { isOutage, unavailable } from "./connection.js";
import type { Migration } from "./migrations/migration.js";
import { firstTables } from "./migrations/0001-first-tables.js";
import { identity } from "./migrations/0002-identity.js";
import { refusedInstances } from "./migrations/0003-refused-instances.js";
import { audit } from "./migrations/0004-audit.js";
import { orthancCallers } from "./migrations/0005-orthanc-callers.js";
import { renditionLife } from "./migrations/0006-rendition-life.js";
import { outboxLife } from "./migrations/0007-outbox-life.js";
import { emr } from "./migrations/0008-emr.js";
import { openEmr } from "./migrations/0009-openemr.js";
import { openEmrCharts } from "./migrations/0010-openemr-charts.js";
import { models } from "./migrations/0011-models.js";
import { analysisJobs } from "./migrations/0012-analysis-jobs.js";
import { review } from "./migrations/0013-review.js";
import { directInference } from "./migrations/0014-direct-inference.js";
import { launchedSessions } from "./migrations/0015-launched-sessions.js";
import { webhooks } from "./migrations/0016-webhooks.js";
import { schedules } from "./migrations/0018-schedules.js";
import { inboundHooks } from "./migrations/0019-inbound-hooks.js";
import { traces } from "./migrations/0020-traces.js";
import { modelStatistics } from "./migrations/0021-model-statistics.js";

const MIGRATIONS: readonly Migration[] = [
  firstTables,
  identity,
  refusedInstances,
  audit,
  orthancCallers,
  renditionLife,
  outboxLife,
  emr,
  openEmr,
  openEmrCharts,
  models,
  analysisJobs,
  review,
  directInference,
  launchedSessions,
  webhooks,
  schedules,
  inboundHooks,
  traces,
  modelStatistics,
];
const LOCK_NAME = "neuronova.migrations";
const LOCK_SECONDS = 120;

/** The database was changed by a newer program in a way that this one does not know and may not bear. */
export class NewerDatabaseError extends Error {
  constructor(readonly migration: string) {
    super(
      `The database is newer than this program: it does not know the migration ${migration}. Start the version that made it, or restore the backup from before.`,
    );
  }
}

/**
 * Brings the schema up to date. Processes that start together wait for each other: the lock belongs to the
 * connection, so a killed process leaves it behind for nobody.
 * @throws NewerDatabaseError and changes nothing when a newer program left a schema that older ones do not bear
 * @throws StateUnavailable when the database is away, or is not the one it should be
 */
export async function migrate(sequelize: Sequelize): Promise<void> {
  await oneAfterTheOther(sequelize).catch((error: unknown) => {
    throw isOutage(error) ? unavailable(error) : error;
  });
}

async function oneAfterTheOther(sequelize: Sequelize): Promise<void> {
  await sequelize.transaction(async (transaction) => {
    const [row] = await sequelize.query<{ locked: number | null }>(
      "SELECT GET_LOCK(:name, :seconds) AS locked",
      {
        replacements: { name: LOCK_NAME, seconds: LOCK_SECONDS },
        type: QueryTypes.SELECT,
        transaction,
      },
    );
    if (row?.locked !== 1) throw new Error("another process has been migrating the database for too long");
    try {
      await ensureTable(sequelize);
      await refuseNewer(sequelize);
      await runPending(sequelize);
    } finally {
      await sequelize.query("SELECT RELEASE_LOCK(:name)", { replacements: { name: LOCK_NAME }, transaction });
    }
  });
}

/** What runs migrations takes longer to load than all else that a start asks the database: most starts have none to run. */
async function runPending(sequelize: Sequelize): Promise<void> {
  const storage = storageOf(sequelize);
  const executed = new Set(await storage.executed({ context: sequelize }));
  if (MIGRATIONS.every(({ name }) => executed.has(name))) return;
  const { Umzug } = await import("umzug");
  const umzug = new Umzug({
    migrations: MIGRATIONS.map(({ name, statements }) => ({
      name,
      up: async () => {
        for (const statement of statements)
          await sequelize.query(statement).catch((error: unknown) => {
            if (!isDoneAlready(error)) throw error;
          });
      },
    })),
    context: sequelize,
    storage,
    logger: undefined,
  });
  await umzug.up();
}

/** How the schema stands, changing nothing: what is not run yet, and what a newer program ran. */
export async function migrationState(
  sequelize: Sequelize,
): Promise<{ readonly missing: readonly string[]; readonly unknown: readonly string[] }> {
  const tables = await sequelize.query<{ name: string }>("SHOW TABLES LIKE 'migration'", {
    type: QueryTypes.SELECT,
  });
  const executed = tables.length === 0 ? [] : await storageOf(sequelize).executed({ context: {} });
  const known = MIGRATIONS.map(({ name }) => name);
  return {
    missing: known.filter((name) => !executed.includes(name)),
    unknown: executed.filter((name) => !known.includes(name)),
  };
}

/** MySQL knows no `ADD COLUMN IF NOT EXISTS`: an ALTER TABLE is one whole, and says so when it was done before. */
function isDoneAlready(error: unknown): boolean {
  const code = (error as { original?: { code?: unknown } } | null)?.original?.code;
  return code === "ER_DUP_FIELDNAME" || code === "ER_DUP_KEYNAME";
}

async function ensureTable(sequelize: Sequelize): Promise<void> {
  await sequelize.query(
    "CREATE TABLE IF NOT EXISTS migration (name VARCHAR(255) NOT NULL PRIMARY KEY, run_at DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3)) ENGINE=InnoDB",
  );
  await sequelize
    .query("ALTER TABLE migration ADD COLUMN bears_older TINYINT(1) NOT NULL DEFAULT 0")
    .catch((error: unknown) => {
      if (!isDoneAlready(error)) throw error;
    });
}

async function refuseNewer(sequelize: Sequelize): Promise<void> {
  const rows = await sequelize.query<{ name: string }>(
    "SELECT name FROM migration WHERE bears_older = 0 ORDER BY name",
    { type: QueryTypes.SELECT },
  );
  const unknown = rows.find(({ name }) => MIGRATIONS.every((migration) => migration.name !== name));
  if (unknown !== undefined) throw new NewerDatabaseError(unknown.name);
}

function storageOf(sequelize: Sequelize): UmzugStorage {
  return {
    async executed() {
      const rows = await sequelize.query<{ name: string }>("SELECT name FROM migration ORDER BY name", {
        type: QueryTypes.SELECT,
      });
      return rows.map(({ name }) => name);
    },
    async logMigration({ name }) {
      const { bearsOlder = false } = MIGRATIONS.find((migration) => migration.name === name) ?? {};
      await sequelize.query("INSERT IGNORE INTO migration (name, bears_older) VALUES (:name, :bearsOlder)", {
        replacements: { name, bearsOlder: Number(bearsOlder) },
      });
    },
    async unlogMigration({ name }) {
      await sequelize.query("DELETE FROM migration WHERE name = :name", { replacements: { name } });
    },
  };
}
