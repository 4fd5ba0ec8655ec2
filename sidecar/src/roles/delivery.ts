import { randomUUID } from "node:crypto";
import type { Config } from "../config.js";
import type { Connections } from "../connections.js";
import { AuditDestination } from "../fhir/audit-destination.js";
import { deliveryToFhir } from "../fhir/delivery-to-fhir.js";
import { FhirDestination } from "../fhir/fhir-destination.js";
import type { Metrics } from "../health/metrics.js";
import type { Logger } from "../log.js";
import type { Destination } from "../outbox/destination.js";
import { startLanes } from "./delivery-lanes.js";
import { startWebhooks } from "./webhooks.js";
import { openEmrDestination, pullFromOpenEmr } from "./openemr.js";

/** The delivery role: brings what the outbox holds to each destination. */
export function startDelivery(
  config: Config,
  connections: Connections,
  metrics: Metrics,
  modelTitle: (name: string, version: string) => string,
  site: string,
  log: Logger,
): { stop(): Promise<void> } {
  const { fhir, state, auditChain, emr } = connections;
  const destinations: Destination[] = [
    deliveryToFhir(
      new FhirDestination(fhir, {
        read: state.read,
        emr,
        modelTitle,
        publicUrl: config.NEURONOVA_PUBLIC_URL,
      }),
      new AuditDestination(fhir, auditChain, site),
      () => fhir.ping(),
    ),
  ];
  const { openEmr } = connections;
  if (openEmr !== undefined) destinations.push(openEmrDestination(config, connections, openEmr));
  const worker = randomUUID();
  const parts = destinations.map((destination) =>
    startLanes(worker, destination, config, connections, metrics, log),
  );
  if (openEmr !== undefined) parts.push(...pullFromOpenEmr(config, connections, openEmr, log));
  parts.push(...startWebhooks(worker, config, connections, log));
  return {
    async stop() {
      await Promise.all(parts.map((part) => part.stop()));
      await connections.destinationStates.forget(worker).catch(() => undefined);
    },
  };
}
