import type { Redis } from "ioredis";
import type { Logger } from "../log.js";
import { tlsFault } from "../transport-security/tls-fault.js";

/** Says in the log, once until it is over, that Redis is there and is refused: this process waits, and nobody would know why. */
export function tellRefusals(connection: Redis, log: Logger): void {
  let told: string | undefined;
  connection.on("error", (error: unknown) => {
    const why = tlsFault(error);
    if (why === undefined || why === told) return;
    told = why;
    log.error(`Redis is not used: ${why}`);
  });
  connection.on("ready", () => (told = undefined));
}
