import { campaign } from "../adapters/mysql/leadership.js";
import { followChanges } from "../arrival/change-feed.js";
import type { ArrivalDependencies } from "../arrival/instances-arrived.js";
import { refill } from "../arrival/refill.js";
import { settleQuietSeries, type StabilityDependencies } from "../arrival/series-stability.js";
import { sweep } from "../arrival/sweep.js";
import type { Connections } from "../connections.js";
import { repeat, type Repetition } from "../pipeline/repeat.js";
import { LOOPS } from "../schedules/loops.js";

/** Between looks for series that began to receive; each then settles on its millisecond. */

/**
 * The part of the api role that one process of all does: follow the change log, sweep, refill the queue, settle
 * series, and whatever else is done once (renditions, the EMR). Doing it twice would do no harm, only work.
 */
export function leadArrival(
  { sequelize }: Connections,
  arrival: ArrivalDependencies,
  stability: StabilityDependencies,
  sweepSeconds: number,
  besides: () => readonly Repetition[],
): { stop(): Promise<void> } {
  const { log } = arrival;
  return campaign(sequelize, "neuronova.arrival", log, () => {
    const loops = [
      repeat("sweep", sweepSeconds * 1_000, log, async () => {
        await sweep(arrival);
        return "idle";
      }),
      repeat("change-feed", LOOPS["change-feed"].milliseconds, log, () => followChanges(arrival)),
      repeat("refill", LOOPS.refill.milliseconds, log, async () => {
        await refill(arrival);
        return "idle";
      }),
      repeat("series-stability", LOOPS["series-stability"].milliseconds, log, () =>
        settleQuietSeries(stability),
      ),
      ...besides(),
    ];
    return async () => {
      await Promise.all(loops.map((loop) => loop.stop()));
    };
  });
}
