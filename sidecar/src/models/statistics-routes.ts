import { Router } from "express";
import { z } from "zod";
import { ApiError } from "../error-response.js";
import type { KeptFigures, StatisticsStore } from "./count-days.js";
import type { Shelf } from "./routes.js";

/** A month, and what it is compared with. */
const USUAL_DAYS = 90;
const DAY_MILLISECONDS = 86_400_000;

const calendarDay = z.iso.date().meta({ description: "A day of the UTC calendar" });
export const statisticsQuery = z.strictObject({
  since: calendarDay.optional().meta({ description: `The first day; ${USUAL_DAYS} days ago without it` }),
});

export interface StatisticsDependencies {
  readonly statistics: Pick<StatisticsStore, "since">;
  readonly shelf: Pick<Shelf, "list">;
  readonly now?: () => Date;
}

/**
 * What a model did, day by day and version by version.
 * @throws ApiError for a model that neither is there nor ever did anything
 */
export async function statisticsOfModel(
  name: string,
  since: string | undefined,
  { statistics, shelf, now = () => new Date() }: StatisticsDependencies,
): Promise<{ readonly name: string; readonly since: string; readonly days: readonly DayView[] }> {
  const first = since ?? usualStart(now());
  const days = await statistics.since(first, name);
  const isKnown = days.length > 0 || shelf.list().models.some((model) => model.name === name);
  if (!isKnown) throw new ApiError(404, "no-such-model", "There is no such model.");
  return { name, since: first, days: days.map(dayView) };
}

/** The first day where nobody says one. */
export function usualStart(now: Date): string {
  return new Date(now.getTime() - USUAL_DAYS * DAY_MILLISECONDS).toISOString().slice(0, 10);
}

export type DayView = Omit<KeptFigures, "name">;

function dayView(figures: KeptFigures): DayView {
  return Object.fromEntries(Object.entries(figures).filter(([key]) => key !== "name")) as unknown as DayView;
}

/** `/api/ai/models/{name}/statistics`. */
export function statisticsRoutes(dependencies: StatisticsDependencies): Router {
  const router = Router();
  router.get("/:name/statistics", async (request, response) => {
    const query = statisticsQuery.safeParse(request.query);
    if (!query.success) throw new ApiError(400, "request-malformed", "since is a day: YYYY-MM-DD.");
    response.json(await statisticsOfModel(request.params.name, query.data.since, dependencies));
  });
  return router;
}
