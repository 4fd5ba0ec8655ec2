import type { ReviewDecision } from "../state/review-records.js";
import type { ModelName } from "./model-modes.js";

/** An analysis that ended on the day. */
export interface EndedAnalysis extends ModelName {
  readonly state: "succeeded" | "failed" | "canceled" | "not-applicable";
  /** Why it did not succeed; null when it did. */
  readonly code: string | null;
  /** In the model; null where that is not known. */
  readonly modelMilliseconds: number | null;
  /** From the queue to the beginning; null where that is not known: it never began, or was begun more than once. */
  readonly waitMilliseconds: number | null;
}

/** How often something was decided about results of a model on the day. */
export interface DecisionCount extends ModelName {
  readonly decision: ReviewDecision;
  readonly count: number;
}

/** Half were quicker, and 19 of 20 (nearest rank: each is a time that was measured). In milliseconds. */
export interface Spread {
  readonly median: number;
  readonly p95: number;
}

/** What one version of a model did on one day. */
export interface DayFigures extends ModelName {
  readonly succeeded: number;
  readonly failed: number;
  readonly canceled: number;
  readonly notApplicable: number;
  /** How often each reason was why one failed. */
  readonly failures: Readonly<Record<string, number>>;
  /** Of those that succeeded; null when none did. */
  readonly modelMilliseconds: Spread | null;
  readonly waitMilliseconds: Spread | null;
  readonly accepted: number;
  readonly rejected: number;
  readonly edited: number;
}

/** Sums up a day by model and version, those first that come first by name. */
export function dailyFigures(
  ended: readonly EndedAnalysis[],
  decisions: readonly DecisionCount[],
): DayFigures[] {
  const models = new Map([...ended, ...decisions].map((one) => [keyOf(one), one]));
  return [...models]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([key, { name, version }]) => {
      const own = ended.filter((one) => keyOf(one) === key);
      const decided = (decision: ReviewDecision) =>
        decisions
          .filter((one) => keyOf(one) === key && one.decision === decision)
          .reduce((sum, { count }) => sum + count, 0);
      const of = (state: EndedAnalysis["state"]) => own.filter((one) => one.state === state);
      return {
        ...{ name, version },
        succeeded: of("succeeded").length,
        failed: of("failed").length,
        canceled: of("canceled").length,
        notApplicable: of("not-applicable").length,
        failures: countBy(of("failed").map(({ code }) => code ?? "unknown-fault")),
        modelMilliseconds: spreadOf(of("succeeded").map(({ modelMilliseconds }) => modelMilliseconds)),
        waitMilliseconds: spreadOf(own.map(({ waitMilliseconds }) => waitMilliseconds)),
        accepted: decided("accepted"),
        rejected: decided("rejected"),
        edited: decided("edited"),
      };
    });
}

const keyOf = ({ name, version }: ModelName) => `${name} ${version}`;

function countBy(codes: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const code of codes.toSorted()) counts[code] = (counts[code] ?? 0) + 1;
  return counts;
}

function spreadOf(times: readonly (number | null)[]): Spread | null {
  const known = times.filter((time) => time !== null).sort((one, other) => one - other);
  const rank = (part: number) => Math.round(known[Math.ceil(part * known.length) - 1] ?? 0);
  return known.length === 0 ? null : { median: rank(0.5), p95: rank(0.95) };
}
