import {
  REVIEW_DECISIONS,
  type ReviewCount,
  type ReviewDecision,
  type ReviewReads,
} from "../state/review-records.js";

/** How often people agreed with one version of a model. */
export interface ModelStatistics {
  readonly model: string;
  readonly version: string;
  readonly reviewed: number;
  readonly unreviewed: number;
  readonly decisions: Readonly<
    Record<
      ReviewDecision,
      {
        readonly count: number;
        /** Of what was reviewed, 0 to 1; null while nothing was. */
        readonly share: number | null;
        /** How often each reason was given. */
        readonly reasons: Readonly<Record<string, number>>;
      }
    >
  >;
}

/** How often people agreed with each model, of the whole installation. */
export async function reviewStatistics(
  read: Pick<ReviewReads, "reviewCounts" | "unreviewedCounts">,
): Promise<ModelStatistics[]> {
  const [counts, unreviewed] = await Promise.all([read.reviewCounts(), read.unreviewedCounts()]);
  return statisticsOf(counts, unreviewed);
}

/** Sums up reviews by model and version, those first that come first by name. */
export function statisticsOf(
  counts: readonly ReviewCount[],
  unreviewed: readonly {
    readonly modelName: string;
    readonly modelVersion: string;
    readonly count: number;
  }[],
): ModelStatistics[] {
  const key = ({ modelName, modelVersion }: { modelName: string; modelVersion: string }) =>
    `${modelName} ${modelVersion}`;
  const models = new Map([...counts, ...unreviewed].map((count) => [key(count), count]));
  return [...models]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([name, { modelName, modelVersion }]) => {
      const own = counts.filter((count) => key(count) === name);
      const reviewed = sum(own);
      return {
        model: modelName,
        version: modelVersion,
        reviewed,
        unreviewed: sum(unreviewed.filter((count) => key(count) === name)),
        decisions: Object.fromEntries(
          REVIEW_DECISIONS.map((decision) => [decision, decisionOf(own, decision, reviewed)]),
        ) as ModelStatistics["decisions"],
      };
    });
}

function decisionOf(own: readonly ReviewCount[], decision: ReviewDecision, reviewed: number) {
  const decided = own.filter((count) => count.decision === decision);
  const count = sum(decided);
  const reasons = decided.flatMap(({ reason, count: times }) => (reason === null ? [] : [[reason, times]]));
  return {
    count,
    share: reviewed === 0 ? null : count / reviewed,
    reasons: Object.fromEntries(reasons) as Record<string, number>,
  };
}

function sum(counts: readonly { readonly count: number }[]): number {
  return counts.reduce((total, { count }) => total + count, 0);
}
