import type { Outcome } from "../pipeline/repeat.js";
import type { DestinationName } from "./message.js";
import type { OutboxStore } from "./outbox-store.js";

/** What is due, and yet nobody may take (another has it, or it waits behind an earlier one), is looked at again after this. */
const HELD_MILLISECONDS = 500;

/** When to look again after nothing could be taken: a message is tried again at its time, not at the next look. */
export async function untilNextDue(
  outbox: Pick<OutboxStore, "millisecondsToNext">,
  destination: DestinationName,
): Promise<Outcome> {
  const milliseconds = await outbox.millisecondsToNext(destination);
  return milliseconds === null ? "idle" : { dueInMilliseconds: Math.max(milliseconds, HELD_MILLISECONDS) };
}
