/** A frame that cannot be rendered, for a reason in the image itself: trying again does not help. */
export class FrameError extends Error {
  override readonly name = "FrameError";
  readonly code = "frame-not-renderable";
}
