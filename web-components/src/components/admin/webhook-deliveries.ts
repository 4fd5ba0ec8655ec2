import type { Delivery, DeliveryState } from "../../administration/webhooks.js";
import type { LogEntry, LogWords } from "./system-log.js";

/** What was and is to be delivered to a webhook. */
export const DELIVERY_WORDS: LogWords<DeliveryState> = {
  title: "deliveries",
  choice: "deliveriesShown",
  none: "deliveriesNone",
  noneSuch: "deliveriesNoneSuch",
  again: "replay",
  againOf: "replayOf",
  repeated: "replayed",
  states: {
    pending: ["deliveryPending", "warn", "kept"],
    delivered: ["deliveryDelivered", "good", "repeatable"],
    failed: ["deliveryFailed", "bad", "repeatable"],
    dropped: ["deliveryDropped", "sub", "repeatable"],
  },
};

/** A delivery as an entry of a log; events have a number, pings have none. */
export function deliveryEntry({ sequence, createdAt, ...delivery }: Delivery): LogEntry<DeliveryState> {
  return { ...delivery, name: sequence === null ? undefined : String(sequence), startedAt: createdAt };
}
