import { randomUUID } from "node:crypto";
import type { Connections } from "../connections.js";
import { AuditDestination } from "../fhir/audit-destination.js";
import { FhirDestination } from "../fhir/fhir-destination.js";
import type { Logger } from "../log.js";
import { deliverNext, type Destination } from "../outbox/deliver.js";
import { repeat } from "../pipeline/repeat.js";

/** The safety net under the wake-up: one lane looks often, the others now and then. */
const LOOK_MILLISECONDS = [500, 5_000, 5_000, 5_000];

/** The delivery role: brings what the outbox holds to the FHIR server. */
export function startDelivery(
  { outbox, fhir, state, auditChain, onWake }: Connections,
  modelTitle: (name: string, version: string) => string,
  site: string,
  log: Logger,
): { stop(): Promise<void> } {
  const subjects = new FhirDestination(fhir, state.read, modelTitle);
  const auditTrail = new AuditDestination(fhir, auditChain, site);
  const destination: Destination = {
    name: "fhir",
    write: (kind, subject) => (kind === "audit" ? auditTrail.write(subject) : subjects.write(kind, subject)),
    studyInstanceUid: (kind, subject) =>
      kind === "audit" ? Promise.resolve(null) : subjects.studyInstanceUid(kind, subject),
  };
  // Each lane delivers one aggregate at a time.
  const lanes = LOOK_MILLISECONDS.map((milliseconds, lane) => {
    const owner = `${randomUUID()}.${lane}`;
    return repeat(`delivery-${lane}`, milliseconds, log, () =>
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
