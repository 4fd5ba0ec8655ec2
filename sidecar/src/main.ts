import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { readConfig, ConfigError } from "./config.js";
import { NewerDatabaseError } from "./adapters/mysql/migrate.js";
import { createLogger } from "./log.js";
import { startProgram } from "./program.js";

/** Time given to requests and jobs in progress when asked to stop. */
const DRAIN_MILLISECONDS = 8_000;

async function main(): Promise<void> {
  const config = readConfig(process.env);
  const log = createLogger(config.NEURONOVA_LOG_LEVEL, `neuronova ${config.NEURONOVA_ROLES.join("+")}`);
  const stopping = new AbortController();
  for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, () => stopping.abort());
  process.on("unhandledRejection", (error) => {
    log.fatal({ err: error }, "unhandled fault; stopping");
    process.exit(70);
  });

  const program = await startProgram(config, log, stopping.signal);
  const address = program.server.address() as AddressInfo | null;
  log.info({ roles: config.NEURONOVA_ROLES, port: address?.port }, "started");
  if (!stopping.signal.aborted) await once(stopping.signal, "abort");
  log.info("stopping");
  // What is not done by then is taken up by another worker: everything may be killed at any time anyway.
  setTimeout(() => process.exit(0), config.NEURONOVA_NOTICE_SECONDS * 1_000 + DRAIN_MILLISECONDS).unref();
  await program.stop();
  log.info("stopped");
  process.exit(0);
}

main().catch((error: unknown) => {
  const text =
    error instanceof ConfigError || error instanceof NewerDatabaseError
      ? error.message
      : error instanceof Error
        ? (error.stack ?? error.message)
        : String(error);
  process.stderr.write(`${text}\n`);
  process.exit(error instanceof ConfigError ? 78 : 70);
});
