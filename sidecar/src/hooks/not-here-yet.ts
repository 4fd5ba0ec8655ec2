/** Something that a message is about has not come yet. Never answered to a client: the message waits. */
export class NotHereYet extends Error {
  override readonly name = "NotHereYet";

  constructor(
    /** Stable; docs/errors.md has it. */
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}
