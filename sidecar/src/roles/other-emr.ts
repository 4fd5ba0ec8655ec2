import type { Config } from "../config.js";
import type { Connections } from "../connections.js";
import type { OtherEmr } from "../emr/record-routes.js";
import type { Logger } from "../log.js";
import { patientCopies } from "../openemr/patient-copies.js";
import { Breaker } from "../outbox/breaker.js";
import { GroupSize } from "../outbox/group-size.js";
import { WriteThrough } from "../outbox/write-through.js";
import { recoveryOf } from "./delivery-lanes.js";
import { openEmrDestination } from "./openemr.js";

/** OpenEMR for those who save and read patients; undefined without one. */
export function startOtherEmr(
  config: Config,
  connections: Connections,
  log: Logger,
): { readonly otherEmr: OtherEmr; stop(): Promise<void> } | undefined {
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
  const writeThrough = new WriteThrough({
    outbox,
    destination,
    breaker,
    groupSize: new GroupSize(),
    tracer: connections.tracer,
    log,
    leaseSeconds: config.NEURONOVA_OUTBOX_LEASE_SECONDS,
    synchronised: synchronisation,
    states: destinationStates,
    waitMilliseconds: config.NEURONOVA_OPENEMR_WAIT_SECONDS * 1_000,
  });
  const copying = {
    known: openEmr.known,
    issuer: openEmr.issuer,
    states: destinationStates,
    pullSeconds: config.NEURONOVA_OPENEMR_PULL_SECONDS,
  };
  return {
    otherEmr: {
      name: destination.name,
      bring: ({ id, patientKey }) => writeThrough.bring({ kind: "patient", subject: id }, patientKey),
      copies: (patients) => patientCopies(patients, copying),
    },
    stop: () => writeThrough.stop(),
  };
}
