/** Where changes are delivered to. */
export const DESTINATIONS = ["fhir", "openemr", "webhook"] as const;
export type DestinationName = (typeof DESTINATIONS)[number];

/** What a message is about; its subject is the row's key. */
export const MESSAGE_KINDS = [
  "study",
  "analysis",
  "audit",
  "patient",
  "encounter",
  "condition",
  "order",
  "observation",
  "report",
  "event",
] as const;
export type MessageKind = (typeof MESSAGE_KINDS)[number];

/** `superseded`: a later message of the same subject was delivered; `dropped`: by a person, with a reason. */
export const MESSAGE_STATES = ["pending", "delivered", "failed", "superseded", "dropped"] as const;
export type MessageState = (typeof MESSAGE_STATES)[number];

export function isDestination(name: string): name is DestinationName {
  return (DESTINATIONS as readonly string[]).includes(name);
}

export function isMessageKind(name: string): name is MessageKind {
  return (MESSAGE_KINDS as readonly string[]).includes(name);
}
