import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import type { Config } from "./config.js";
import type { Connections } from "./connections.js";
import type { Logger } from "./log.js";
import { Spool } from "./stow-rs/spool.js";
import { storeInstances, type StoreInstances } from "./stow-rs/store-instances.js";

const MEGABYTE = 1_000_000;

/** STOW-RS of the api role, with its folder made ready. */
export async function openStow(
  config: Config,
  { studyDirectory, instanceStore }: Connections,
  log: Logger,
): Promise<StoreInstances> {
  const byDefault = join(tmpdir(), `neuronova-uploads-${userInfo().uid}`);
  const spool = new Spool(config.NEURONOVA_UPLOAD_DIRECTORY ?? byDefault);
  await spool.prepare();
  return storeInstances({
    directory: studyDirectory,
    store: instanceStore,
    spool,
    log,
    limits: {
      largestInstance: config.NEURONOVA_UPLOAD_INSTANCE_MEGABYTES * MEGABYTE,
      largestRequest: config.NEURONOVA_UPLOAD_REQUEST_MEGABYTES * MEGABYTE,
      instancesPerRequest: config.NEURONOVA_UPLOAD_INSTANCES,
      requestsPerMinute: config.NEURONOVA_UPLOADS_PER_MINUTE,
      bytesPerMinute: config.NEURONOVA_UPLOAD_MEGABYTES_PER_MINUTE * MEGABYTE,
      atOnce: config.NEURONOVA_UPLOADS_AT_ONCE,
    },
  });
}
