import type { Sequelize, Transaction } from "sequelize";
import { isOutage, isRepeatable, unavailable } from "./connection.js";

/** What a committed transaction may have given others to do. */
export type Wake = "events" | "outbox" | "stability" | "identity" | "worklists" | "analyses";

const ATTEMPTS = 8;

/**
 * Runs the work in one transaction, again from its start after a deadlock. `onCommit` is told what to wake, after the
 * commit and never before.
 */
export async function repeatedTransaction<T>(
  sequelize: Sequelize,
  onCommit: (wakes: ReadonlySet<Wake>) => void,
  work: (transaction: Transaction, wakes: Set<Wake>) => Promise<T>,
): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    const wakes = new Set<Wake>();
    try {
      const result = await sequelize.transaction((transaction) => work(transaction, wakes));
      if (wakes.size > 0) onCommit(wakes);
      return result;
    } catch (error) {
      if (isOutage(error)) throw unavailable(error);
      if (attempt >= ATTEMPTS || !isRepeatable(error)) throw error;
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 20 * attempt));
    }
  }
}
