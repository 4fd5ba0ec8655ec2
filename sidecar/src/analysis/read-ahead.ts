import type { StateReads, SeriesDetails } from "../state/state.js";
import { isRetryable } from "../pipeline/faults.js";
import type { SourceImages } from "./source-images.js";

/** Series looked at in a round, and images read at the same time: the archive has others to serve. */
const SERIES_AT_ONCE = 20;
const IMAGES_AT_ONCE = 4;

export interface ReadAheadDependencies {
  readonly read: Pick<StateReads, "receivingSeries" | "series">;
  readonly images: SourceImages;
  /** Whether a model applies to a series as it stands. */
  readonly applies: (series: Omit<SeriesDetails, "instances">, instanceCount: number) => boolean;
}

/**
 * Reads the images of series that are still receiving and that a model applies to, so that the analysis finds them in
 * memory once the series is stable. It decides nothing: which images an analysis is of is told by the state when it
 * runs, and what comes late is read then.
 */
export class ReadAhead {
  /** Images of a series when it was last looked at. */
  private counts: ReadonlyMap<string, number> = new Map();

  constructor(private readonly dependencies: ReadAheadDependencies) {}

  /**
   * One look.
   * @returns how many series are receiving
   * @throws ArchiveError, StateUnavailable (retryable)
   */
  async round(signal: AbortSignal): Promise<number> {
    const { read, images, applies } = this.dependencies;
    const receiving = await read.receivingSeries(SERIES_AT_ONCE);
    for (const { instanceCount, ...series } of receiving) {
      if (this.counts.get(series.orthancId) === instanceCount || !applies(series, instanceCount)) continue;
      const wanted = ((await read.series(series.orthancId))?.instances ?? []).filter((instance) =>
        images.wants(instance),
      );
      let next = 0;
      const lane = async (): Promise<void> => {
        for (let instance = wanted[next++]; instance !== undefined; instance = wanted[next++]) {
          if (signal.aborted || !images.wants(instance)) return;
          await images.readAhead(instance).catch((error: unknown) => {
            // What is wrong with the image itself is for its analysis to say.
            if (isRetryable(error) !== false) throw error;
          });
        }
      };
      await Promise.all(Array.from({ length: IMAGES_AT_ONCE }, lane));
    }
    this.counts = new Map(receiving.map(({ orthancId, instanceCount }) => [orthancId, instanceCount]));
    return receiving.length;
  }
}
