import type { InstanceRecord, RenditionRecord } from "../state/records.js";
import type { NotRenderableCode, Renderability } from "./renderable.js";
import type { RenderedFrame } from "./rendition.js";

/** The instance a rendition is made of, as it was when it arrived. */
export type RenditionSource = Pick<
  InstanceRecord,
  "orthancId" | "fileUuid" | "transferSyntaxUid" | "numberOfFrames"
>;

export type Renderable = Extract<Renderability, { renderable: true }>;

export interface FrameRange {
  /** Index from 0. */
  readonly first: number;
  readonly count: number;
}

/** From the attributes, or from a frame: what the image is made of, or what the archive made of it. */
export type NotRenderedCode = NotRenderableCode | "frame-not-renderable" | "frame-undecodable";

/** How an attempt ended, faults that pass aside. */
export type RenderOutcome =
  | { readonly kind: "rendered"; readonly rendition: RenditionRecord }
  | { readonly kind: "not-renderable"; readonly code: NotRenderedCode; readonly reason: string }
  /** The archive does not hold it any more, or with another file, whose own arrival has it rendered. */
  | { readonly kind: "gone" };

/** What was recorded of a rendition when it was made; null where an earlier program did not record it. */
export interface RecordedRendition {
  readonly orthancId: InstanceRecord["orthancId"];
  readonly fileUuid: string;
  readonly renditionMd5: string | null;
}

/** What re-reading a stored rendition found. */
export type Verification =
  | { readonly kind: "good"; readonly frames: number }
  | { readonly kind: "bad"; readonly reason: string }
  /** The instance is not there any more, or with another file. */
  | { readonly kind: "gone" };

/**
 * Makes renditions, in worker threads of its own: pixels are read, encoded and attached there, so that the main
 * thread never holds them.
 * Every method throws ArchiveError (retryable or not) when the archive does not do its part.
 */
export interface Renderer {
  /** Does all of it for an instance of few frames; says what is to be done for one of many. */
  renderInstance(
    source: RenditionSource,
  ): Promise<RenderOutcome | { readonly kind: "many-frames"; readonly decision: Renderable }>;
  renderFrames(
    source: RenditionSource,
    decision: Renderable,
    range: FrameRange,
  ): Promise<
    | { readonly kind: "frames"; readonly frames: readonly RenderedFrame[] }
    | Extract<RenderOutcome, { kind: "not-renderable" | "gone" }>
  >;
  /** Re-reads what is attached: its bytes, its structure, and that each frame decodes to the pixels it was made of. */
  verifyRendition(recorded: RecordedRendition): Promise<Verification>;
  /** @param frames all of the instance, in their order; not to be used afterwards */
  attachFrames(
    source: RenditionSource,
    decision: Renderable,
    frames: readonly RenderedFrame[],
  ): Promise<RenderOutcome>;
}
