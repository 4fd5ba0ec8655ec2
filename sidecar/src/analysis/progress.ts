import type { EventType, NewEvent } from "../state/events.js";
import type { AnalysisRow } from "../state/records.js";
import type { State } from "../state/state.js";

/** People watch a bar: more often says no more to them, and each is a row in the database. */
const PACE_MILLISECONDS = 1_000;

interface Watched {
  readonly analysis: Pick<AnalysisRow, "id" | "modelName" | "modelVersion" | "slices">;
  readonly series: { readonly seriesInstanceUid: string };
  readonly study: { readonly studyInstanceUid: string };
}

/** What is told of an analysis. */
export function eventOf(
  event: EventType,
  { analysis, series, study }: Watched,
  data: NewEvent["data"] = {},
): NewEvent {
  return {
    event,
    studyInstanceUid: study.studyInstanceUid,
    seriesInstanceUid: series.seriesInstanceUid,
    data: { analysis: analysis.id, model: analysis.modelName, version: analysis.modelVersion, ...data },
  };
}

/** Tells how far a running analysis is, at a pace; one that is over within a second tells nothing. */
export class Progress {
  private told: number;
  private telling: Promise<void> = Promise.resolve();

  constructor(
    private readonly watched: Watched,
    private readonly state: Pick<State, "transaction">,
    private readonly now: () => number = () => performance.now(),
  ) {
    this.told = now();
  }

  /** @param slicesDone of the series' slices */
  at(slicesDone: number): void {
    const now = this.now();
    if (now - this.told < PACE_MILLISECONDS) return;
    this.told = now;
    const { analysis } = this.watched;
    this.telling = this.telling
      .then(() =>
        this.state.transaction(async (transaction) => {
          await transaction.recordProgress(analysis.id, slicesDone);
          await transaction.appendEvent(
            eventOf("analysis.progress", this.watched, { slicesDone, slices: analysis.slices }),
          );
        }),
      )
      // How far it is matters less than that it goes on.
      .catch(() => undefined);
  }

  /** Resolves when nothing more is told. */
  end(): Promise<void> {
    return this.telling;
  }
}
