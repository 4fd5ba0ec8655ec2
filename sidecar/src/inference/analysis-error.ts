/** Why a series cannot be analysed. All of these lie in the input or the model: trying again does not help. */
export type AnalysisErrorCode =
  | "instances-missing"
  | "multi-frame-not-supported"
  | "functional-groups-invalid"
  | "not-greyscale"
  | "pixel-format-unknown"
  | "orientation-missing"
  | "orientation-invalid"
  | "orientation-mixed"
  | "slices-not-parallel"
  | "slices-sheared"
  | "position-missing"
  | "position-duplicate"
  | "stacks-several"
  | "slices-missing"
  | "spacing-irregular"
  | "pixel-spacing-missing"
  | "pixel-spacing-mixed"
  | "slice-thickness-missing"
  | "matrix-mixed"
  | "frame-of-reference-missing"
  | "frame-of-reference-mixed"
  | "identity-mixed"
  | "rescale-invalid"
  | "rescale-missing"
  | "units-mixed"
  | "volume-too-large"
  | "frame-mismatch"
  | "no-contrast"
  | "model-format-unsupported"
  | "model-output-invalid";

/** A permanent fault of an analysis; it never helps to try again. */
export class AnalysisError extends Error {
  override readonly name = "AnalysisError";
  readonly retryable = false;

  constructor(
    readonly code: AnalysisErrorCode,
    message: string,
  ) {
    super(message);
  }
}
