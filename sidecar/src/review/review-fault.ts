/** A decision cannot be carried out, and trying again will not help. */
export class ReviewFault extends Error {
  override readonly name = "ReviewFault";
  readonly retryable = false;
  constructor(
    readonly code: "result-object-missing" | "images-missing" | "model-missing" | "correction-unreadable",
    message: string,
  ) {
    super(message);
  }
}
