import { ApiError } from "../error-response.js";
import type { KeptFigures, StatisticsStore } from "./count-days.js";
import type { Spread } from "./daily-figures.js";
import type { Shelf } from "./routes.js";
import { statisticsOfModel, statisticsQuery, usualStart } from "./statistics-routes.js";

export interface PrintStatisticsDependencies {
  readonly statistics: Pick<StatisticsStore, "since">;
  readonly shelf: Pick<Shelf, "list">;
  readonly print: (text: string) => Promise<void>;
}

/**
 * `neuronova models statistics`: a line for each day and version.
 * @param name of one model; all without it
 * @throws ApiError for a day that is none, and for a model that is not known
 */
export async function printStatistics(
  name: string | undefined,
  { json, since }: { readonly json: boolean; readonly since?: string | undefined },
  { statistics, shelf, print }: PrintStatisticsDependencies,
): Promise<void> {
  const asked = statisticsQuery.safeParse(since === undefined ? {} : { since });
  if (!asked.success) throw new ApiError(400, "request-malformed", "--since takes a day: YYYY-MM-DD");
  const first = since ?? usualStart(new Date());
  if (name !== undefined) await statisticsOfModel(name, first, { statistics, shelf });
  const days = await statistics.since(first, name);
  await print(json ? `${JSON.stringify(days, null, 2)}\n` : days.map(line).join(""));
}

function line(of: KeptFigures): string {
  const reasons = Object.entries(of.failures).map(([code, count]) => `${code} ${count}`);
  return `${[
    `${of.day} ${of.name} ${of.version}`,
    `succeeded ${of.succeeded}`,
    `failed ${of.failed}${reasons.length === 0 ? "" : ` (${reasons.join(", ")})`}`,
    `canceled ${of.canceled}`,
    `not applicable ${of.notApplicable}`,
    `model ${spreadText(of.modelMilliseconds)}`,
    `wait ${spreadText(of.waitMilliseconds)}`,
    `accepted ${of.accepted}, edited ${of.edited}, rejected ${of.rejected}`,
  ].join("  ")}\n`;
}

function spreadText(spread: Spread | null): string {
  return spread === null ? "–" : `${spread.median} ms (95 %: ${spread.p95} ms)`;
}
