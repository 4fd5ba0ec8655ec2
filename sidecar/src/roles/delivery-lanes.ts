import type { Config } from "../config.js";
import type { Connections } from "../connections.js";
import type { Metrics } from "../health/metrics.js";
import type { Logger } from "../log.js";
import { Breaker } from "../outbox/breaker.js";
import { deliverNext } from "../outbox/deliver.js";
import type { Destination } from "../outbox/destination.js";
import { EarlyProbe } from "../outbox/early-probe.js";
import { GroupSize } from "../outbox/group-size.js";
import type { DestinationName } from "../outbox/message.js";
import { untilNextDue } from "../outbox/until-next-due.js";
import { runLanes } from "../pipeline/lanes.js";
import { repeat, type Repetition } from "../pipeline/repeat.js";
import { LOOPS } from "../schedules/loops.js";

const LANES = 4;
/** One that answers and fails at messages is not tried more often; what waits is there 10 s after it is well again. */
const LONGEST_PROBE_MILLISECONDS = 8_000;

/** The wake-up of those who wait for a destination that was away. */
export const recoveryOf = (name: DestinationName) => `recovered-${name}`;

/** Delivers to one destination: each lane some aggregates at a time, all of them behind one breaker. */
export function startLanes(
  worker: string,
  destination: Destination,
  config: Config,
  { outbox, destinationStates, tracer, announce, onWake }: Connections,
  metrics: Metrics,
  log: Logger,
): { stop(): Promise<void> } {
  const { name } = destination;
  const recovered = recoveryOf(name);
  let hasRecovered = false;
  const resetMilliseconds = config.NEURONOVA_BREAKER_RESET_SECONDS * 1_000;
  const breaker = new Breaker(name, resetMilliseconds, ({ state, code }) => {
    const said = { destination: name, breaker: state, ...(code === null ? {} : { code }) };
    if (state === "open") log.error(said, "the destination is left alone: changes wait for it");
    else log.info(said, "the breaker changed");
    reports.wake();
    if (state !== "closed") return;
    hasRecovered = true;
    recover.wake();
  });
  metrics.watchBreaker(name, () => breaker.report().state);

  const groupSize = new GroupSize();
  const onDelivered = (seconds: number) => metrics.outboxLag.observe({ destination: name }, seconds);
  const dependencies = { outbox, destination, breaker, groupSize, tracer, log, onDelivered };
  const times = {
    milliseconds: LOOPS.delivery.milliseconds,
    untilNext: () => untilNextDue(outbox, name),
  };
  const lanes = runLanes(`delivery-${name}`, LANES, times, log, ({ number, tookSomething }, signal) => {
    const holder = {
      destination: name,
      owner: `${worker}.${number}`,
      leaseSeconds: config.NEURONOVA_OUTBOX_LEASE_SECONDS,
    };
    return deliverNext({ ...dependencies, holder, onClaimed: tookSomething }, signal);
  });
  const reports = repeat(`report-${name}`, LOOPS.report.milliseconds, log, async () => {
    await destinationStates.report(worker, name, breaker.report());
    return "idle";
  });
  // After the breaker closed: the gates are open for everything that waits, here and in other processes.
  const recover = repeat(`recovery-${name}`, LOOPS.recovery.milliseconds, log, async () => {
    if (!hasRecovered) return "idle";
    hasRecovered = false;
    await outbox.makeDue(name);
    announce(new Set(["outbox", recovered]));
    return "idle";
  });
  const watch = watchFor(destination, breaker, resetMilliseconds, log, lanes);
  onWake((topics) => {
    if (topics.has(recovered)) breaker.allowProbe();
    if (topics.has("outbox")) lanes.wake();
  });
  return {
    async stop() {
      await Promise.all([lanes, reports, recover, watch].map((part) => part.stop()));
      breaker.stop();
    },
  };
}

/** Asks a destination that is left alone whether it answers again. */
function watchFor(
  destination: Destination,
  breaker: Breaker,
  resetMilliseconds: number,
  log: Logger,
  lanes: Repetition,
) {
  const early = new EarlyProbe(
    LOOPS.watch.milliseconds,
    Math.min(LONGEST_PROBE_MILLISECONDS, resetMilliseconds),
  );
  return repeat(`watch-${destination.name}`, LOOPS.watch.milliseconds, log, async () => {
    const { state } = breaker.report();
    if (state === "closed") early.closed();
    if (state !== "open") return "idle";
    const answers = await destination.ping().then(
      () => true,
      () => false,
    );
    if (early.isDue(answers, performance.now())) {
      breaker.allowProbe();
      lanes.wake();
    }
    return "idle";
  });
}
