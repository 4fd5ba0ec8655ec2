import { ConnectionError, Sequelize, type Options } from "sequelize";
import { ApiError } from "../../error-response.js";
import { StateUnavailable } from "../../state/state-error.js";
import { databaseSpeaksTls } from "../../transport-security/store-settings.js";
import { tlsFault } from "../../transport-security/tls-fault.js";
import { boundStatements } from "./bounded-statements.js";

export interface DatabaseSettings {
  /**
   * `mysql://user:password@host:port/database`, optionally `?socketPath=/run/mysqld.sock` or
   * `?ssl-mode=VERIFY_IDENTITY`: then a server without TLS, or with a certificate that is not for this host, is none.
   */
  readonly url: string;
  readonly password?: string | undefined;
  /** PEM; the system's without it. */
  readonly ca?: string | undefined;
  readonly poolSize: number;
}

/** A pool of connections in UTC, READ COMMITTED (fewer gap locks: arrivals run side by side). */
export function connect({ url, password, ca, poolSize }: DatabaseSettings): Sequelize {
  const { hostname, port, username, password: urlPassword, pathname, searchParams } = new URL(url);
  const socketPath = searchParams.get("socketPath");
  const options: Options = {
    dialect: "mysql",
    database: decodeURIComponent(pathname.slice(1)),
    username: decodeURIComponent(username),
    password: password ?? decodeURIComponent(urlPassword),
    host: hostname,
    port: port === "" ? 3306 : Number(port),
    logging: false,
    timezone: "+00:00",
    define: { timestamps: false, underscored: true, freezeTableName: true },
    pool: { max: poolSize, min: 0, idle: 30_000, acquire: 15_000 },
    dialectOptions: {
      charset: "utf8mb4",
      connectTimeout: 5_000,
      supportBigNumbers: true,
      // Affected rows are rows that changed: the guards of the state tables count on it.
      flags: ["-FOUND_ROWS"],
      ...(socketPath === null ? {} : { socketPath }),
      ...(databaseSpeaksTls(url)
        ? { ssl: { verifyIdentity: true, ...(ca === undefined ? {} : { ca }) } }
        : {}),
    },
  };
  const sequelize = new Sequelize(options);
  // Once for each connection; as an option it would be a statement more in every transaction.
  sequelize.addHook("afterConnect", async (connection) => {
    const callbacks = connection as { promise(): { query(statement: string): Promise<unknown> } };
    await callbacks.promise().query("SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED");
    boundStatements(connection as Parameters<typeof boundStatements>[0]);
  });
  // Models and transactions all end in this method: an outage has one face for everybody, and so has unsuitable text.
  const query = sequelize.query.bind(sequelize) as (...parameters: unknown[]) => Promise<unknown>;
  sequelize.query = ((...parameters: unknown[]) =>
    query(...parameters).catch((error: unknown) => {
      throw isOutage(error) ? unavailable(error) : isIncomparable(error) ? incomparable(error) : error;
    })) as typeof sequelize.query;
  return sequelize;
}

/** An outage as everybody else sees it. */
export function unavailable(error: unknown): StateUnavailable {
  const why = tlsFault(error);
  const message = why === undefined ? "the database does not answer" : `the database is not used: ${why}`;
  return new StateUnavailable(message, { cause: error });
}

/** Whether the database was not there, or went away in the middle. */
export function isOutage(error: unknown): boolean {
  if (error instanceof StateUnavailable || error instanceof ConnectionError) return true;
  const code = (error as { original?: { code?: unknown } } | null)?.original?.code;
  return typeof code === "string" && OUTAGES.has(code);
}

const OUTAGES: ReadonlySet<string> = new Set([
  "PROTOCOL_CONNECTION_LOST",
  "PROTOCOL_ENQUEUE_AFTER_FATAL_ERROR",
  "ECONNRESET",
  "ECONNREFUSED",
  "EPIPE",
  "ETIMEDOUT",
  "ENOENT",
  "ER_SERVER_SHUTDOWN",
  "ER_NORMAL_SHUTDOWN",
  "ER_CON_COUNT_ERROR",
  "ER_DISK_FULL",
  "ER_RECORD_FILE_FULL",
  // Read-only, as after a failover.
  "ER_OPTION_PREVENTS_STATEMENT",
  "ER_READ_ONLY_MODE",
]);

/** ER_CANT_AGGREGATE_2COLLATIONS and those of three and more: text other than ASCII was looked for in an ASCII column. */
const INCOMPARABLE: ReadonlySet<unknown> = new Set([1267, 1270, 1271]);

function isIncomparable(error: unknown): boolean {
  return INCOMPARABLE.has((error as { original?: { errno?: unknown } } | null)?.original?.errno);
}

/** Whatever such text is looked for, whoever asked is told so, not what the statement was. */
function incomparable(cause: unknown): ApiError {
  const error = new ApiError(400, "request-malformed", "A value has characters other than ASCII.");
  error.cause = cause;
  return error;
}

/** What a transaction was built on went away under it: begin again. */
export class Overtaken extends Error {
  override readonly name = "Overtaken";
}

/** Faults that a repeated transaction overcomes: deadlock, lock wait timeout, a parent row removed or referred to meanwhile. */
export function isRepeatable(error: unknown): boolean {
  if (error instanceof Overtaken) return true;
  const code = (error as { original?: { code?: unknown } } | null)?.original?.code;
  return typeof code === "string" && REPEATABLE.has(code);
}

const REPEATABLE: ReadonlySet<string> = new Set([
  "ER_LOCK_DEADLOCK",
  "ER_LOCK_WAIT_TIMEOUT",
  "ER_CHECKREAD",
  "ER_ROW_IS_REFERENCED_2",
  "ER_NO_REFERENCED_ROW_2",
]);
