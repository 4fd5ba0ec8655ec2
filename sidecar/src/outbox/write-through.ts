import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { deliverNext } from "./deliver.js";
import type { DeliveryDependencies, Subject } from "./destination.js";
import type { DestinationStates } from "./destination-states.js";
import type { Synchronisation, SynchronisationReads } from "./synchronisation.js";

/** While a delivery worker has the messages. */
const LOOK_MILLISECONDS = 25;

export interface WriteThroughDependencies extends Omit<DeliveryDependencies, "holder" | "onDelivered"> {
  readonly leaseSeconds: number;
  readonly synchronised: SynchronisationReads;
  /** What the delivery workers find. */
  readonly states: Pick<DestinationStates, "states">;
  /** A caller waits no longer. */
  readonly waitMilliseconds: number;
}

/** What a caller is told. */
export interface Brought {
  readonly synchronisation: readonly Synchronisation[];
  /** The change is kept and not there yet: the outbox brings it. */
  readonly degraded?: "will synchronise";
}

/**
 * Delivers what waits of one aggregate while somebody waits for it: the same messages under the same lease as a
 * delivery worker would, so that either of them writes, and never both. What is begun goes on when the caller is
 * answered: a write given up half-way is one nobody knows the end of.
 */
export class WriteThrough {
  private readonly running = new Set<Promise<void>>();
  private readonly stopping = new AbortController();

  constructor(private readonly dependencies: WriteThroughDependencies) {}

  /** Never throws: the change was committed before, whatever becomes of this. */
  async bring(subject: Subject, aggregate: string): Promise<Brought> {
    const { waitMilliseconds, destination, log } = this.dependencies;
    const waiting = new AbortController();
    const work = this.deliver(subject, aggregate, waiting.signal).catch((error: unknown) => {
      log.warn({ err: error, destination: destination.name }, "not written through; the outbox brings it");
    });
    this.running.add(work);
    void work.finally(() => this.running.delete(work));
    const bound = sleep(waitMilliseconds, undefined, { signal: waiting.signal }).catch(() => undefined);
    await Promise.race([work, bound]);
    waiting.abort();
    try {
      const synchronisation = await this.standing(subject);
      const own = synchronisation.find((found) => found.destination === destination.name);
      return { synchronisation, ...(own?.state === "waiting" ? { degraded: "will synchronise" } : {}) };
    } catch (error) {
      log.warn(
        { err: error, destination: destination.name },
        "nobody knows yet whether it was written through",
      );
      return { synchronisation: [], degraded: "will synchronise" };
    }
  }

  /** Resolves when nothing is being written any more. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await Promise.all(this.running);
    this.dependencies.breaker.stop();
  }

  private async deliver(subject: Subject, aggregate: string, waiting: AbortSignal): Promise<void> {
    const { leaseSeconds, destination } = this.dependencies;
    while (!waiting.aborted && !this.stopping.signal.aborted && !(await this.isAway())) {
      // A lease is its owner's: each caller is another.
      const holder = { destination: destination.name, owner: randomUUID(), leaseSeconds };
      const outcome = await deliverNext({ ...this.dependencies, holder }, this.stopping.signal, aggregate);
      // Nothing to take: a worker has it, or it is not its time yet.
      if (outcome !== "idle") return;
      const found = await this.standing(subject);
      if (found.find((one) => one.destination === destination.name)?.state !== "waiting") return;
      await sleep(LOOK_MILLISECONDS, undefined, { signal: waiting }).catch(() => undefined);
    }
  }

  /** Whether this process, or a delivery worker, leaves the destination alone for now. */
  private async isAway(): Promise<boolean> {
    const { breaker, destination, states } = this.dependencies;
    if (typeof breaker.pass() === "object") return true;
    const found = (await states.states()).find((state) => state.destination === destination.name);
    return found?.breaker === "open" || found?.breaker === "half-open";
  }

  private async standing({ kind, subject }: Subject): Promise<readonly Synchronisation[]> {
    return (await this.dependencies.synchronised.synchronisation(kind, [subject])).get(subject) ?? [];
  }
}
