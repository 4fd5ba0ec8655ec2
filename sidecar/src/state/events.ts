/** What the program tells the world of; sent in the order of its sequence. Never holds patient identity. */
export const EVENT_TYPES = [
  "instance.arrived",
  "instance.rendered",
  "instance.not-renderable",
  "instance.failed",
  "instance.rendition-bad",
  "instance.deleted",
  "series.stable",
  "analysis.queued",
  "analysis.started",
  "analysis.progress",
  "analysis.succeeded",
  "analysis.not-applicable",
  "analysis.failed",
  "analysis.canceled",
  "result.accepted",
  "result.rejected",
  "result.edited",
  "result.review-applied",
  "result.review-failed",
  "study.synchronised",
  "study.synchronisation-failed",
] as const;
export type EventType = (typeof EVENT_TYPES)[number];

export interface NewEvent {
  readonly event: EventType;
  readonly studyInstanceUid: string;
  readonly seriesInstanceUid?: string;
  readonly sopInstanceUid?: string;
  readonly data?: Readonly<Record<string, string | number | boolean | null>>;
}

export interface StoredEvent extends NewEvent {
  readonly sequence: number;
  readonly time: Date;
}
