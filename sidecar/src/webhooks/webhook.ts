import { z } from "zod";
import { labelSchema } from "../authorization/account-access.js";
import { EVENT_TYPES, type EventType, type StoredEvent } from "../state/events.js";

/** Sent when somebody tries a webhook out. */
export const PING = "webhook.ping";

const PATTERNS = [...new Set(EVENT_TYPES.map((type) => `${type.split(".")[0] ?? ""}.*`))];
/** So many are of little use to anybody who has not asked for them by name. */
const BY_NAME_ONLY: ReadonlySet<string> = new Set<EventType>(["analysis.progress"]);

const address = z
  .string()
  .max(2_048)
  .refine(
    (text) => {
      if (!URL.canParse(text)) return false;
      const { protocol, username, password, hash } = new URL(text);
      return /^https?:$/.test(protocol) && username === "" && password === "" && hash === "";
    },
    { error: "must be an https URL without credentials and fragment" },
  );
const filter = z.strictObject({
  /** Of the study: one of its series is of it. */
  modalities: z
    .array(z.string().regex(/^[A-Z0-9_]{2,16}$/))
    .max(50)
    .default([]),
  labels: z.array(labelSchema).max(50).default([]),
});
const shape = {
  url: address,
  description: z.string().trim().max(255),
  events: z
    .array(z.string().refine((type) => isOffered(type), { error: "is no event that there is" }))
    .min(1)
    .max(50),
  filter,
};

export const newWebhook = z.strictObject({
  ...shape,
  description: shape.description.default(""),
  filter: shape.filter.prefault({}),
});
export const webhookPatch = z
  .strictObject({ ...shape, enabled: z.boolean() })
  .partial()
  .refine((patch) => Object.keys(patch).length > 0, { error: "nothing to change" });
export const rotation = z.strictObject({ overlapHours: z.number().min(0).max(168).default(24) });

export type WebhookDetails = z.output<typeof newWebhook>;
export type WebhookPatch = z.output<typeof webhookPatch>;

/** Why nothing is sent: by a person, after failing too long, or because the receiver answered 410. */
export type DisabledCode = "by-person" | "gave-up" | "gone";

/** A subscription to events, without its secrets. */
export interface Webhook extends WebhookDetails {
  readonly id: number;
  readonly enabled: boolean;
  readonly disabledCode: DisabledCode | null;
  /** Deliveries that failed in a row. */
  readonly failures: number;
  readonly failingSince: Date | null;
  readonly succeededAt: Date | null;
  readonly createdBy: string;
  readonly createdAt: Date;
  readonly changedAt: Date;
}

/** What a filter looks at. */
export interface StudyTraits {
  readonly modalities: readonly string[];
  readonly labels: readonly string[];
}

function isOffered(type: string): boolean {
  return (EVENT_TYPES as readonly string[]).includes(type) || PATTERNS.includes(type);
}

/** Whether a webhook is told of an event. @param traits of the event's study; undefined once the study is gone */
export function isWanted(
  { events, filter: { modalities, labels } }: Pick<WebhookDetails, "events" | "filter">,
  { event }: Pick<StoredEvent, "event">,
  traits: StudyTraits | undefined,
): boolean {
  const family = `${event.split(".")[0] ?? ""}.*`;
  if (!events.includes(event) && !(events.includes(family) && !BY_NAME_ONLY.has(event))) return false;
  const among = (wanted: readonly string[], found: readonly string[] = []) =>
    wanted.length === 0 || wanted.some((one) => found.includes(one));
  return among(modalities, traits?.modalities) && among(labels, traits?.labels);
}
