import { Gauge, type Registry } from "prom-client";
import type { BreakerState } from "../outbox/breaker.js";
import type { Backlog } from "../outbox/outbox-store.js";
import { kept } from "./kept.js";

/** The gauges of one scrape share an answer. */
const SCRAPE_MILLISECONDS = 1_000;
const BREAKER_STATES: readonly BreakerState[] = ["closed", "half-open", "open"];

/** What waits and what failed, of the whole installation. */
export function watchOutbox(registry: Registry, backlog: () => Promise<readonly Backlog[]>): void {
  const recent = kept(backlog, SCRAPE_MILLISECONDS);
  new Gauge({
    name: "neuronova_outbox_messages",
    help: "Messages that are not delivered, by destination and state",
    labelNames: ["destination", "state"],
    registers: [registry],
    async collect() {
      const found = await recent().catch(() => []);
      this.reset();
      for (const { destination, pending, failed } of found) {
        this.set({ destination, state: "pending" }, pending);
        this.set({ destination, state: "failed" }, failed);
      }
    },
  });
  new Gauge({
    name: "neuronova_outbox_oldest_seconds",
    help: "Age of the oldest message that waits, by destination",
    labelNames: ["destination"],
    registers: [registry],
    async collect() {
      const found = await recent().catch(() => []);
      this.reset();
      for (const { destination, oldestSeconds } of found) this.set({ destination }, oldestSeconds);
    },
  });
}

const breakers = new WeakMap<Registry, Map<string, () => BreakerState>>();

/** 1 for the state the breaker of a destination is in, 0 for the others. */
export function watchBreaker(registry: Registry, destination: string, state: () => BreakerState): void {
  const known = breakers.get(registry);
  if (known !== undefined) {
    known.set(destination, state);
    return;
  }
  const watched = new Map([[destination, state]]);
  breakers.set(registry, watched);
  new Gauge({
    name: "neuronova_outbox_breaker",
    help: "Whether the circuit breaker of a destination is in a state, in this process",
    labelNames: ["destination", "state"],
    registers: [registry],
    collect() {
      for (const [name, now] of watched)
        for (const candidate of BREAKER_STATES)
          this.set({ destination: name, state: candidate }, now() === candidate ? 1 : 0);
    },
  });
}
