import { QueryTypes, type Sequelize } from "sequelize";
import type { Logger } from "../../log.js";

/** A process that leads holds a lock of the database on a connection of its own; when it dies, the lock is free. */
export interface Leadership {
  stop(): Promise<void>;
}

const CHECK_MILLISECONDS = 1_000;

/**
 * Has one process of all lead: `lead` is called when this one gets the lock, and what it answers stops that work
 * when the lock is lost (the connection broke) or this process stops.
 */
export function campaign(
  sequelize: Sequelize,
  name: string,
  log: Logger,
  lead: () => () => Promise<void>,
): Leadership {
  let stopped = false;
  let wakeUp: (() => void) | undefined;
  const rest = () =>
    new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, CHECK_MILLISECONDS);
      wakeUp = () => {
        clearTimeout(timer);
        resolve();
      };
      if (stopped) wakeUp();
    });

  const term = async (): Promise<void> => {
    await sequelize.transaction(async (transaction) => {
      const ask = async (statement: string) =>
        (
          await sequelize.query<{ held: number | null }>(statement, {
            replacements: { name },
            type: QueryTypes.SELECT,
            transaction,
          })
        )[0]?.held;
      if ((await ask("SELECT GET_LOCK(:name, 0) AS held")) !== 1) return;
      log.info({ lock: name }, "leads");
      const resign = lead();
      try {
        while (!stopped && (await ask("SELECT IS_USED_LOCK(:name) = CONNECTION_ID() AS held")) === 1)
          await rest();
      } finally {
        await resign();
        await sequelize
          .query("SELECT RELEASE_LOCK(:name)", { replacements: { name }, transaction })
          .catch(() => undefined);
      }
    });
  };
  const run = async (): Promise<void> => {
    while (!stopped) {
      await term().catch(() => undefined); // the database is away: readiness says so
      await rest();
    }
  };
  const finished = run();
  return {
    async stop() {
      stopped = true;
      wakeUp?.();
      await finished;
    },
  };
}
