import type { Logger } from "../log.js";
import { holdLeases } from "../outbox/hold-leases.js";
import type { Holder, MessageFault, OutboxMessage, OutboxStore } from "../outbox/outbox-store.js";
import type { Outcome } from "../pipeline/repeat.js";
import { readSubject } from "./message-key.js";
import { payloadOf, pingPayload } from "./payload.js";
import { delayMilliseconds } from "./retry-schedule.js";
import type { SendOutcome } from "./send.js";
import { signedHeaders } from "./signature.js";
import type { DisabledCode } from "./webhook.js";
import type { WebhookForDelivery, WebhookQueue } from "./webhook-store.js";

/** A receiver that answers, but never takes this one, is not kept from the next: about an hour. */
const ATTEMPTS_THAT_WERE_ANSWERED = 12;
const MOST_MESSAGES = 100;

export interface WebhookDelivery {
  readonly outbox: OutboxStore;
  readonly queue: WebhookQueue;
  readonly holder: Holder;
  /** Told when messages were taken: others may look for more. */
  readonly onClaimed: () => void;
  readonly send: (
    url: URL,
    headers: Readonly<Record<string, string>>,
    body: string,
    stop: AbortSignal,
  ) => Promise<SendOutcome>;
  /** Where events are from: the public address of this installation. */
  readonly source: string;
  readonly giveUpAfterMilliseconds: number;
  readonly log: Logger;
  readonly now: () => number;
}

/** Delivers what is due of one webhook, in order; one that fails makes the others of its webhook wait. */
export async function deliverToWebhook(delivery: WebhookDelivery, stop: AbortSignal): Promise<Outcome> {
  const { outbox, holder } = delivery;
  const limits = { aggregates: 1, messages: MOST_MESSAGES, leastTriedFirst: false };
  const messages = await outbox.claim(holder, limits);
  const [first] = messages;
  if (first === undefined) return "idle";
  delivery.onClaimed();
  const lease = holdLeases(outbox, holder, new Set([first.aggregate]));
  try {
    const webhook = await delivery.queue.forDelivery(readSubject(first.subject).webhook);
    await deliverAll(messages, webhook, delivery, AbortSignal.any([stop, lease.lost]));
  } finally {
    await lease.end();
    await outbox.release(holder);
  }
  return "more";
}

async function deliverAll(
  messages: readonly OutboxMessage[],
  webhook: WebhookForDelivery | null,
  delivery: WebhookDelivery,
  signal: AbortSignal,
): Promise<void> {
  const { outbox } = delivery;
  let waiting = [...messages];
  let failures = webhook?.failures ?? 0;
  if (webhook?.enabled !== true) return endAll(waiting, fault("webhook-disabled"), delivery);
  for (const message of messages) {
    const body = await bodyOf(message, delivery);
    if (body === undefined) {
      await outbox.fail([message.id], fault("webhook-event-gone"), null);
      waiting = waiting.filter(({ id }) => id !== message.id);
      continue;
    }
    const outcome = await attempt(readSubject(message.subject).id, body, webhook, delivery, signal);
    // Somebody else has it now, or the process ends: it is sent again, with the same webhook-id.
    if (signal.aborted) return;
    if (outcome.kind === "taken") {
      await outbox.delivered(delivery.holder, [writeOf(message)], [], []);
      await delivery.queue.succeeded(webhook.id);
      failures = 0;
    } else {
      const goesOn = await settleFailure(message, waiting, webhook, failures, outcome, delivery);
      if (!goesOn) return;
      failures += 1;
    }
    waiting = waiting.filter(({ id }) => id !== message.id);
  }
}

/** @returns whether the next message may be tried: this one is given up, and the receiver was not */
async function settleFailure(
  message: OutboxMessage,
  waiting: readonly OutboxMessage[],
  webhook: WebhookForDelivery,
  failures: number,
  outcome: Exclude<SendOutcome, { kind: "taken" }>,
  delivery: WebhookDelivery,
): Promise<boolean> {
  const { outbox, queue, log, now } = delivery;
  const found = faultOf(outcome);
  log.warn({ webhook: webhook.id, code: found.code, failures: failures + 1 }, "a webhook was not delivered");
  const failingFor = webhook.failingSince === null ? 0 : now() - webhook.failingSince.getTime();
  const end: DisabledCode | undefined =
    outcome.kind === "answered" && outcome.status === 410
      ? "gone"
      : failingFor >= delivery.giveUpAfterMilliseconds
        ? "gave-up"
        : undefined;
  if (end !== undefined) {
    log.error({ webhook: webhook.id, reason: end }, "the webhook is disabled");
    // In this order: once it is said to be disabled, what had not come can be sent again.
    await endAll(waiting, found, delivery);
    await queue.disable(webhook.id, end);
    return false;
  }
  await queue.failed(webhook.id);
  if (outcome.kind === "answered" && message.attempts + 1 >= ATTEMPTS_THAT_WERE_ANSWERED) {
    await outbox.fail([message.id], found, null);
    return true;
  }
  const delay = delayMilliseconds(
    Math.max(failures, message.attempts) + 1,
    outcome.kind === "answered" ? outcome.retryAfterSeconds : undefined,
  );
  await outbox.postpone(
    waiting.map(({ id }) => id),
    [message.id],
    delay,
    found,
  );
  return false;
}

/** @returns undefined when the event is not kept any more */
async function bodyOf(
  { subject }: OutboxMessage,
  { queue, source, now }: WebhookDelivery,
): Promise<string | undefined> {
  const { id, sequence } = readSubject(subject);
  if (sequence === null) return pingPayload(id, source, new Date(now()));
  const event = await queue.event(sequence);
  return event === null ? undefined : payloadOf(id, event, source);
}

function attempt(
  id: string,
  body: string,
  { url, secrets }: WebhookForDelivery,
  { send, now }: WebhookDelivery,
  signal: AbortSignal,
): Promise<SendOutcome> {
  const headers = {
    ...signedHeaders(id, body, secrets, now()),
    "Content-Type": "application/json; charset=utf-8",
    "User-Agent": "NeuroNova-Webhooks",
  };
  return send(new URL(url), headers, body, signal);
}

function writeOf({ aggregate, kind, subject, id, attempts, ageMilliseconds }: OutboxMessage) {
  return { aggregate, kind, subject, ids: [id], attempts, oldestMilliseconds: ageMilliseconds, traces: [] };
}

function endAll(
  messages: readonly OutboxMessage[],
  found: MessageFault,
  { outbox }: WebhookDelivery,
): Promise<void> {
  return outbox.fail(
    messages.map(({ id }) => id),
    found,
    null,
  );
}

function fault(code: string, reason = code, outcome?: string): MessageFault {
  return { code, reason, outcome };
}

function faultOf(outcome: Exclude<SendOutcome, { kind: "taken" }>): MessageFault {
  if (outcome.kind === "answered")
    return fault("webhook-answered", `it answered ${outcome.status}`, outcome.body);
  return outcome.kind === "refused-address"
    ? fault("webhook-address-refused", outcome.reason)
    : fault("webhook-unreachable", outcome.reason);
}
