import type { SigningSecret } from "./signature.js";
import type { DisabledCode, StudyTraits, Webhook, WebhookDetails, WebhookPatch } from "./webhook.js";
import type { StoredEvent } from "../state/events.js";

export interface WebhookForDelivery extends Pick<
  Webhook,
  "id" | "url" | "enabled" | "failures" | "failingSince"
> {
  readonly secrets: readonly SigningSecret[];
}

/** A delivery, for the people who look after it. */
export interface DeliveryLogEntry {
  readonly id: number;
  readonly webhookId: string;
  readonly type: string;
  readonly sequence: number | null;
  readonly state: "pending" | "delivered" | "failed" | "dropped";
  readonly attempts: number;
  readonly code: string | null;
  readonly reason: string | null;
  readonly createdAt: Date;
  readonly attemptedAt: Date | null;
  readonly nextAttemptAt: Date | null;
  readonly endedAt: Date | null;
}

/** The subscriptions, and their messages in the outbox. */
export interface WebhookStore {
  add(details: WebhookDetails, secret: string, createdBy: string): Promise<number>;
  list(): Promise<Webhook[]>;
  get(id: number): Promise<Webhook | null>;
  /** One that is enabled again hears of what happens from now on; what waited or failed meanwhile is still there. */
  change(id: number, patch: WebhookPatch): Promise<boolean>;
  /** With everything that waits for it. */
  remove(id: number): Promise<boolean>;
  /** The former secret stays good until then (milliseconds since 1970). */
  rotate(id: number, secret: string, formerUntil: number): Promise<boolean>;
  ping(id: number): Promise<boolean>;
  deliveries(
    id: number,
    state: string | undefined,
    before: number,
    limit: number,
  ): Promise<DeliveryLogEntry[]>;
  /** Sends a delivery once more, whether it failed or was delivered; false when there is none. */
  redeliver(id: number, delivery: number): Promise<boolean>;
  /** All that failed; answers how many. */
  redeliverFailed(id: number): Promise<number>;
}

/** What delivery needs. */
export interface WebhookQueue {
  /** Of the webhook's aggregate in the outbox; null when it was removed. */
  forDelivery(id: number): Promise<WebhookForDelivery | null>;
  event(sequence: number): Promise<StoredEvent | null>;
  succeeded(id: number): Promise<void>;
  failed(id: number): Promise<void>;
  disable(id: number, code: DisabledCode): Promise<void>;
}

/** What gives each event to those who want it. */
export interface WebhookFanOut {
  /** How far events were given out, and the webhooks that are enabled, with where each begins. */
  position(): Promise<{
    readonly sequence: number;
    readonly webhooks: readonly (Webhook & { readonly sinceSequence: number })[];
  }>;
  traits(studyInstanceUids: readonly string[]): Promise<ReadonlyMap<string, StudyTraits>>;
  /**
   * Writes the messages and moves on, unless another process has done so; false then.
   * @param from where the position was
   */
  giveOut(
    from: number,
    to: number,
    messages: readonly { readonly webhook: number; readonly event: StoredEvent }[],
  ): Promise<boolean>;
}
