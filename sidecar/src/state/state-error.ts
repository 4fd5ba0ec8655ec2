/** The database did not answer; what was asked was not done, or not acknowledged. Worth trying again. */
export class StateUnavailable extends Error {
  override readonly name = "StateUnavailable";
  readonly code = "state-unavailable";
  readonly retryable = true;
}
