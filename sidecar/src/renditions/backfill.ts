import { setTimeout as pause } from "node:timers/promises";
import type { Archive } from "../archive/archive.js";
import { instancesArrived, type ArrivalDependencies } from "../arrival/instances-arrived.js";
import type { OrthancId } from "../dicom/uid.js";
import type { State } from "../state/state.js";
import { pace } from "./pace.js";
import type { Progress } from "./progress.js";
import type { BackfillFigures, Recallable, RenditionFilter, RenditionStore } from "./rendition-store.js";

/** Instances asked for and not rendered yet, at most: whoever ends the command ends the backfill soon after. */
const AHEAD = 500;
const LARGEST_STEP = 200;
const LOOK_MILLISECONDS = 500;
const STALLED_MILLISECONDS = 60_000;

export interface BackfillRequest {
  readonly filter: RenditionFilter;
  /** Also those that failed, and those that an earlier version of this program could not render. */
  readonly from: readonly Recallable[];
  readonly perSecond: number | undefined;
}

export interface BackfillDependencies {
  readonly renditions: RenditionStore;
  readonly archive: Pick<Archive, "findInstances">;
  readonly state: State;
  readonly arrival: ArrivalDependencies;
  readonly progress: Progress;
}

/** What there is to do. */
export interface BackfillPlan {
  /** In the archive, and not known here. */
  readonly unknown: number;
  readonly figures: BackfillFigures;
  readonly total: number;
}

export async function planBackfill(
  { filter, from }: BackfillRequest,
  { renditions, archive, state }: Pick<BackfillDependencies, "renditions" | "archive" | "state">,
): Promise<BackfillPlan> {
  let unknown = 0;
  for await (const ids of archive.findInstances(filter)) unknown += (await unknownOf(ids, state)).length;
  const figures = await renditions.backfillFigures(filter);
  return { unknown, figures, total: unknown + remaining(figures, from) };
}

/**
 * Has renditions made of everything within the filter, in the background. What is asked for stands in MySQL, a bounded
 * number ahead of what is done: when this command or any process is killed, the same command goes on where it was.
 * @returns what there was to do, and how all of the filter stands in the end
 */
export async function backfill(
  request: BackfillRequest,
  dependencies: BackfillDependencies,
): Promise<{ readonly plan: BackfillPlan; readonly end: BackfillFigures }> {
  const { filter, from, perSecond } = request;
  const { renditions, archive, state, arrival, progress } = dependencies;
  const plan = await planBackfill(request, dependencies);
  const paced = pace(perSecond, async (milliseconds) => pause(milliseconds));
  const step = Math.max(1, Math.min(LARGEST_STEP, Math.round(perSecond ?? LARGEST_STEP)));
  let unknown = plan.unknown;
  const watch = watcher(plan, request, dependencies);

  for await (const ids of archive.findInstances(filter)) {
    const found = await unknownOf(ids, state);
    for (let start = 0; start < found.length; start += step) {
      const batch = found.slice(start, start + step);
      await watch(AHEAD, unknown);
      await instancesArrived(batch, arrival);
      unknown = Math.max(0, unknown - batch.length);
      await paced(batch.length);
    }
  }
  for (;;) {
    await watch(AHEAD, 0);
    const recalled = await renditions.recall(filter, from, step);
    if (recalled === 0) break;
    await paced(recalled);
  }
  const end = await watch(0, 0);
  await progress.show(plan.total, plan.total);
  return { plan, end };
}

/** Waits until no more than so many are asked for and not done, showing how far all of it is. */
function watcher(
  plan: BackfillPlan,
  { filter, from }: BackfillRequest,
  { renditions, progress }: BackfillDependencies,
): (ahead: number, unknown: number) => Promise<BackfillFigures> {
  let [last, movedAt] = [-1, performance.now()];
  return async (ahead, unknown) => {
    for (;;) {
      const figures = await renditions.backfillFigures(filter);
      const done = Math.max(0, plan.total - unknown - remaining(figures, from));
      await progress.show(done, plan.total);
      if (figures.pending + (ahead === 0 ? figures.outdated : 0) <= ahead) return figures;
      if (done !== last) [last, movedAt] = [done, performance.now()];
      else if (performance.now() - movedAt > STALLED_MILLISECONDS) {
        await progress.say(
          "Nothing was rendered for a minute: do processes with the roles api and transcoding run?",
        );
        movedAt = performance.now();
      }
      await pause(LOOK_MILLISECONDS);
    }
  };
}

function remaining(figures: BackfillFigures, from: readonly Recallable[]): number {
  const recallable = {
    dropped: figures.dropped,
    failed: figures.failed,
    "not-renderable": figures.notRenderable,
  };
  return from.reduce((sum, state) => sum + recallable[state], figures.pending + figures.outdated);
}

async function unknownOf(ids: readonly OrthancId[], state: State): Promise<OrthancId[]> {
  const known = await state.read.fileUuids(ids);
  return ids.filter((orthancId) => !known.has(orthancId));
}
