import type { Redis } from "ioredis";
import { unlessRefused } from "./connection.js";

/** Redis answers, and nothing can be queued. */
export class RedisTakesNoWrites extends Error {
  override readonly name = "RedisTakesNoWrites";
  readonly code = "redis-takes-no-writes";
}

const KEY = "neuronova:takes-writes";
/** So that nothing of us is left where we are not any more. */
const KEPT_SECONDS = 60;

/** Why, by how Redis begins to say so. */
const REASONS: Readonly<Record<string, string>> = {
  OOM: "its memory is full",
  MISCONF: "it cannot write to its disk",
  READONLY: "it is a replica",
  NOREPLICAS: "it has too few replicas",
};

/**
 * Asks Redis by writing: it answers pings when its memory is full, too.
 * @throws RedisTakesNoWrites with the reason
 */
export async function redisTakesWrites(connection: Redis): Promise<void> {
  try {
    await unlessRefused(connection, connection.set(KEY, "1", "EX", KEPT_SECONDS));
  } catch (error) {
    const [, kind] = /^([A-Z]+) /.exec(error instanceof Error ? error.message : "") ?? [];
    const reason = kind === undefined ? undefined : REASONS[kind];
    if (reason === undefined) throw error;
    throw new RedisTakesNoWrites(`Redis takes no writes: ${reason}`, { cause: error });
  }
}
