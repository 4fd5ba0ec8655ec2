import type { State } from "../state/state.js";
import { dailyFigures, type DayFigures, type DecisionCount, type EndedAnalysis } from "./daily-figures.js";

/** A day of the UTC calendar, `YYYY-MM-DD`. */
export type Day = string;

/** The figures of a day as they are kept. */
export interface KeptFigures extends DayFigures {
  readonly day: Day;
  readonly countedAt: Date;
}

/** From what is counted, and where it is kept. */
export interface StatisticsStore {
  /** When the first analysis or decision there is ended; null when there is none. */
  earliest(): Promise<Date | null>;
  /** Those that ended from `from` on and before `to`; shadows never. */
  ended(from: Date, to: Date): Promise<readonly EndedAnalysis[]>;
  decisions(from: Date, to: Date): Promise<readonly DecisionCount[]>;
  /** Puts the figures of a day in the place of those there may be. */
  replace(day: Day, figures: readonly DayFigures[]): Promise<void>;
  /** Oldest first. @param name of one model; of all without it */
  since(day: Day, name?: string): Promise<readonly KeptFigures[]>;
}

export interface CountDaysDependencies {
  readonly store: StatisticsStore;
  readonly state: Pick<State, "read" | "transaction">;
  readonly now: () => Date;
}

/** Days since 1970, of the last one that was counted: it may not have been over. */
const CURSOR = "models.counted-day";
const DAY_MILLISECONDS = 86_400_000;

export const dayAt = (index: number): Day =>
  new Date(index * DAY_MILLISECONDS).toISOString().slice(0, "YYYY-MM-DD".length);
const indexOf = (time: Date) => Math.floor(time.getTime() / DAY_MILLISECONDS);

/**
 * Counts every day that was not over when it was counted last, today too. An earlier day is never counted again: what
 * it was counted from may be gone. At the first time all days there are.
 */
export async function countDays(
  { store, state, now }: CountDaysDependencies,
  signal: AbortSignal,
): Promise<void> {
  const today = indexOf(now());
  const last = await state.read.cursor(CURSOR);
  const first = last > 0 ? last : indexOf((await store.earliest()) ?? now());
  for (let index = Math.min(first, today); index <= today; index += 1) {
    signal.throwIfAborted();
    const [from, to] = [index, index + 1].map((edge) => new Date(edge * DAY_MILLISECONDS)) as [Date, Date];
    const [ended, decisions] = await Promise.all([store.ended(from, to), store.decisions(from, to)]);
    await store.replace(dayAt(index), dailyFigures(ended, decisions));
    await state.transaction((transaction) => transaction.setCursor(CURSOR, index));
  }
}
