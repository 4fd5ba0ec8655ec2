import type { OrthancId } from "../dicom/uid.js";
import type { RenditionState } from "../state/records.js";
import type { RecordedRendition } from "../transcoding/renderer.js";
import type { RetentionPolicy } from "./retention-policy.js";

/** Which instances; undefined members leave the choice open. */
export interface RenditionFilter {
  readonly studyInstanceUid?: string | undefined;
  /** Studies of this day or later, YYYYMMDD. */
  readonly studiesSince?: string | undefined;
  readonly modality?: string | undefined;
}

/** Renditions by state and format, with what they weigh. */
export interface RenditionFigures {
  readonly state: RenditionState;
  /** null where there never was one. */
  readonly format: number | null;
  readonly count: number;
  /** 0 where nothing is attached. */
  readonly renditionBytes: number;
  /** Of the pixels they were made of. */
  readonly pixelBytes: number;
}

/** How far the instances of a filter are. */
export interface BackfillFigures {
  readonly rendered: number;
  /** Rendered by an earlier version; they go on being served until they are made again. */
  readonly outdated: number;
  /** In the background; what arrives now is not counted. */
  readonly pending: number;
  readonly dropped: number;
  readonly failed: number;
  readonly notRenderable: number;
}

/** States from which a backfill asks for a rendition. */
export type Recallable = Extract<RenditionState, "dropped" | "failed" | "not-renderable">;

/** What a retention policy would take away, or took. */
export interface Droppable {
  readonly count: number;
  readonly bytes: number;
  /** When the oldest of them arrived; null when there are none. */
  readonly oldest: Date | null;
}

/** A rendition that retention takes away; the row says so already, the attachment may still be there. */
export interface DroppedRendition {
  readonly orthancId: OrthancId;
  readonly fileUuid: string;
}

export interface StoredRendition extends RecordedRendition {
  readonly studyInstanceUid: string;
  readonly seriesInstanceUid: string;
  readonly sopInstanceUid: string;
}

/** The rows of all renditions, for those who look after them; the bytes are the archive's. */
export interface RenditionStore {
  figures(): Promise<RenditionFigures[]>;
  /** What waits in the background, what arrived last first, then renditions of an earlier format. */
  backgroundWork(limit: number): Promise<{ orthancId: OrthancId; fileUuid: string }[]>;

  backfillFigures(filter: RenditionFilter): Promise<BackfillFigures>;
  /** Asks for the next renditions in the background, newest study first. @returns how many */
  recall(filter: RenditionFilter, from: readonly Recallable[], limit: number): Promise<number>;

  /** What the policy would drop now by age, and by size once those of age are gone. */
  droppable(policy: RetentionPolicy): Promise<{ readonly byAge: Droppable; readonly bySize: Droppable }>;
  /** Marks the next that the policy drops, those that were not made yet too. @returns how many of them were made */
  drop(policy: RetentionPolicy, limit: number): Promise<Droppable>;
  /** Those whose attachment has to be removed, and may be: none of them is served any more. */
  unremoved(limit: number): Promise<DroppedRendition[]>;
  removed(rendition: DroppedRendition): Promise<void>;

  /** Stored renditions that were not checked for longest; those of an earlier format are made again anyway. */
  longestUnverified(limit: number): Promise<StoredRendition[]>;
  /** All of the filter and this format, in pages in the order of their Orthanc id. */
  stored(filter: RenditionFilter, after: OrthancId | null, limit: number): Promise<StoredRendition[]>;
  verified(orthancId: OrthancId, fileUuid: string): Promise<void>;
}
