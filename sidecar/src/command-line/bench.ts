import { migrate } from "../adapters/mysql/migrate.js";
import { accessOf, type AuditAction, type Who } from "../audit/access.js";
import { refusalOf } from "../audit/refusal.js";
import { Trail } from "../audit/trail.js";
import { readConfig, type Config } from "../config.js";
import { openConnections, type Connections } from "../connections.js";
import { ApiError } from "../error-response.js";
import { createLogger, type Logger } from "../log.js";
import { UsageError, type Terminal } from "./terminal.js";

/** What a command works with. */
export interface Bench {
  readonly config: Config;
  readonly connections: Connections;
  readonly trail: Trail;
  readonly log: Logger;
  /** Whoever has a shell on this machine. */
  readonly who: Who;
  /**
   * Does what is in the audit trail before it is done, as everywhere, and is there again when it comes to nothing.
   * @param target without what was typed: it may be a patient's
   */
  readonly recorded: <T>(action: AuditAction, target: string, work: () => Promise<T>) => Promise<T>;
}

const isRefused = (error: unknown) => error instanceof ApiError && error.status < 500;

/**
 * Opens what a command works with, on a database that is up to date, and closes it afterwards.
 * @param isUsage which faults are the caller's, to be told in their own words
 * @throws UsageError for those
 */
export async function onBench<T>(
  { environment, userName }: Terminal,
  work: (bench: Bench) => Promise<T>,
  isUsage: (error: unknown) => boolean = isRefused,
): Promise<T> {
  const config = readConfig(environment);
  const connections = openConnections(config);
  const log = createLogger("silent", "neuronova");
  const trail = new Trail(connections.audit, log);
  const who: Who = {
    subject: `command:${userName}`,
    kind: "command",
    displayName: userName,
    role: null,
    tokenId: "",
  };
  try {
    await migrate(connections.sequelize);
    return await work({ config, connections, trail, log, who, recorded: recorder(trail, who) });
  } catch (error) {
    if (error instanceof Error && isUsage(error)) throw new UsageError(error.message);
    throw error;
  } finally {
    await trail.stop();
    await connections.close();
  }
}

function recorder(trail: Trail, who: Who): Bench["recorded"] {
  return async (action, target, work) => {
    const source = { address: "", userAgent: "" };
    const row = await trail.record(accessOf({ who, source, action, target: `command:${target}` }));
    return work().catch(async (error: unknown) => {
      await row.end({ ...refusalOf(error), target: "", breakGlassId: null });
      throw error;
    });
  };
}
