import "../review/review.js";
import "../thumbnail/thumbnail.js";
import { NeuronovaAiResults } from "./ai-results.component.js";
import type { OverlayLook } from "./overlay-control.js";

if (customElements.get("neuronova-ai-results") === undefined)
  customElements.define("neuronova-ai-results", NeuronovaAiResults);

/** Within a viewer: a result's segmentation is to be corrected. */
export type EditMaskEvent = CustomEvent<{ readonly analysis: number }>;
/** Within a viewer: the image with the most of a segment is to be shown. */
export type SegmentOpenEvent = CustomEvent<{ readonly analysis: number; readonly segment: number }>;
/** Within a viewer: how segments are to lie over the images. */
export type OverlayChangeEvent = CustomEvent<Partial<OverlayLook>>;
/** An image of the study was chosen. */
export type ImageOpenEvent = CustomEvent<{
  readonly studyInstanceUid: string;
  /** Where it is known. */
  readonly seriesInstanceUid?: string | undefined;
  readonly sopInstanceUid: string;
  /** From 1; the first, or only, when not given. */
  readonly frameNumber?: number | undefined;
  /** Of a segmentation: the segment that is meant. */
  readonly segmentNumber?: number | undefined;
}>;

declare global {
  interface HTMLElementTagNameMap {
    "neuronova-ai-results": NeuronovaAiResults;
  }
  interface HTMLElementEventMap {
    "neuronova-edit-mask": EditMaskEvent;
    "neuronova-segment-open": SegmentOpenEvent;
    "neuronova-overlay-change": OverlayChangeEvent;
    "neuronova-image-open": ImageOpenEvent;
  }
}
