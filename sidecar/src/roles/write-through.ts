import type { Config } from "../config.js";
import type { Connections } from "../connections.js";
import type { Logger } from "../log.js";
import { Breaker } from "../outbox/breaker.js";
import { GroupSize } from "../outbox/group-size.js";
import { WriteThrough } from "../outbox/write-through.js";
import { recoveryOf } from "./delivery-lanes.js";
import { openEmrDestination } from "./openemr.js";

/** Writes patients to OpenEMR while who saves them waits; undefined without an OpenEMR. */
export function startWriteThrough(
  config: Config,
  connections: Connections,
  log: Logger,
): WriteThrough | undefined {
  const { openEmr, outbox, synchronisation, destinationStates, onWake } = connections;
  if (openEmr === undefined) return undefined;
  const destination = openEmrDestination(config, connections, openEmr);
  const breaker = new Breaker(
    destination.name,
    config.NEURONOVA_BREAKER_RESET_SECONDS * 1_000,
    ({ state, code }) =>
      log.info(
        { destination: destination.name, breaker: state, ...(code === null ? {} : { code }) },
        "the breaker of those who wait changed",
      ),
  );
  onWake((topics) => {
    if (topics.has(recoveryOf(destination.name))) breaker.allowProbe();
  });
  return new WriteThrough({
    outbox,
    destination,
    breaker,
    groupSize: new GroupSize(),
    log,
    leaseSeconds: config.NEURONOVA_OUTBOX_LEASE_SECONDS,
    synchronised: synchronisation,
    states: destinationStates,
    waitMilliseconds: config.NEURONOVA_OPENEMR_WAIT_SECONDS * 1_000,
  });
}
