import { campaign } from "../adapters/mysql/leadership.js";
import { followChanges } from "../arrival/change-feed.js";
import type { ArrivalDependencies } from "../arrival/instances-arrived.js";
import { Reception, RECEPTION_TOPICS } from "../arrival/reception.js";
import { refill } from "../arrival/refill.js";
import { settleQuietSeries, type StabilityDependencies } from "../arrival/series-stability.js";
import { sweep } from "../arrival/sweep.js";
import { ToldInstances } from "../arrival/told-instances.js";
import type { Connections } from "../connections.js";
import { repeat, type Outcome, type Repetition } from "../pipeline/repeat.js";
import { LOOPS } from "../schedules/loops.js";
import type { OrthancId } from "../dicom/uid.js";
import type { TraceContext } from "../tracing/trace-context.js";

/** What notifications named, in the process that heard them; whoever leads is told to look at the change log. */
export function hearNotifications(
  { announce }: Connections,
  arrival: ArrivalDependencies,
): {
  readonly told: ToldInstances;
  readonly stored: (instances: readonly OrthancId[], trace: TraceContext | undefined) => void;
  readonly loop: Repetition;
} {
  const told = new ToldInstances(arrival);
  return {
    told,
    stored(instances, trace) {
      told.tell(instances, trace);
      announce(new Set([RECEPTION_TOPICS.stored]));
    },
    loop: repeat("told-instances", LOOPS["told-instances"].milliseconds, arrival.log, async () => {
      await told.recordForgotten();
      return "idle";
    }),
  };
}

/**
 * The part of the api role that one process of all does: follow the change log, sweep, refill the queue, settle
 * series, and whatever else is done once (renditions, the EMR). Doing it twice would do no harm, only work.
 */
export function leadArrival(
  { sequelize, onWake, announce }: Connections,
  arrival: ArrivalDependencies,
  told: ToldInstances,
  stability: StabilityDependencies,
  sweepSeconds: number,
  besides: () => readonly Repetition[],
): { stop(): Promise<void> } {
  const { log } = arrival;
  const reception = new Reception(arrival.stableAfterSeconds);
  let feed: Repetition | undefined;
  let settling: Repetition | undefined;
  onWake((topics) => {
    if (topics.has("stability")) settling?.wake();
    if (topics.has(RECEPTION_TOPICS.stored) && reception.stored(Date.now())) feed?.wake();
  });
  const follow = async (): Promise<Outcome> => {
    const { arrived, more } = await followChanges(arrival, told.traces());
    const { next, tell } = reception.read(arrived, more, Date.now());
    if (tell !== undefined) announce(new Set([tell]));
    return next;
  };
  return campaign(sequelize, "neuronova.arrival", log, () => {
    feed = repeat("change-feed", LOOPS["change-feed"].milliseconds, log, follow);
    settling = repeat("series-stability", LOOPS["series-stability"].milliseconds, log, () =>
      settleQuietSeries(stability),
    );
    const loops = [
      feed,
      settling,
      repeat("sweep", sweepSeconds * 1_000, log, async () => {
        await sweep(arrival);
        return "idle";
      }),
      repeat("refill", LOOPS.refill.milliseconds, log, async () => {
        await refill(arrival);
        return "idle";
      }),
      ...besides(),
    ];
    return async () => {
      await Promise.all(loops.map((loop) => loop.stop()));
    };
  });
}
