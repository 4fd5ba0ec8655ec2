import { randomUUID } from "node:crypto";
import type { Connections } from "../connections.js";
import { FhirDestination } from "../fhir/fhir-destination.js";
import type { Logger } from "../log.js";
import { deliverNext } from "../outbox/deliver.js";
import { repeat } from "../pipeline/repeat.js";

/** Aggregates delivered at the same time. */
const LANES = 4;
/** The safety net under the wake-up. */
const LOOK_MILLISECONDS = 500;

/** The delivery role: brings what the outbox holds to the FHIR server. */
export function startDelivery(
  { outbox, fhir, state, onWake }: Connections,
  modelTitle: (name: string, version: string) => string,
  log: Logger,
): { stop(): Promise<void> } {
  const destination = new FhirDestination(fhir, state.read, modelTitle);
  const lanes = Array.from({ length: LANES }, (_, lane) => {
    const owner = `${randomUUID()}.${lane}`;
    return repeat(`delivery-${lane}`, LOOK_MILLISECONDS, log, () =>
      deliverNext({ outbox, destination, owner, log }),
    );
  });
  onWake((topics) => {
    if (topics.has("outbox")) for (const lane of lanes) lane.wake();
  });
  return {
    async stop() {
      await Promise.all(lanes.map((lane) => lane.stop()));
    },
  };
}
