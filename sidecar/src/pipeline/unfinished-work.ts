/** Age in seconds of the oldest that is not finished, by kind of work; 0 where nothing waits. */
export interface UnfinishedWork {
  /** Instances that arrived and are not rendered; those that wait in the background are not meant. */
  readonly rendition: number;
  /** Analyses that are queued or run, shadows too. */
  readonly analysis: number;
  /** Questions to a model that somebody waits for. */
  readonly inference: number;
}
