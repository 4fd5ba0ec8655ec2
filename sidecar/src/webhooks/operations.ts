import { z } from "zod";
import type { Operation, Operations } from "../openapi/operation.js";
import { count, instant, number } from "../openapi/values.js";
import { deliveryPage } from "./routes.js";
import { newWebhook, rotation, webhookPatch } from "./webhook.js";

const shape = {
  ...newWebhook.shape,
  id: number,
  enabled: z.boolean(),
  disabledCode: z.enum(["by-person", "gave-up", "gone"]).nullable(),
  failures: count.meta({ description: "Deliveries that failed in a row" }),
  failingSince: instant.nullable(),
  succeededAt: instant.nullable(),
  createdBy: z.string(),
  createdAt: instant,
  changedAt: instant,
};
const webhook = z.object(shape).meta({ id: "Webhook" });
const secret = z.string().meta({ description: "`whsec_…`, shown this once" });
const delivery = z
  .object({
    id: number,
    webhookId: z.string().meta({ description: "The header `webhook-id`" }),
    type: z.string(),
    sequence: z.int().nullable(),
    state: z.enum(["pending", "delivered", "failed", "dropped"]),
    attempts: count,
    code: z.string().nullable(),
    reason: z.string().nullable(),
    createdAt: instant,
    attemptedAt: instant.nullable(),
    nextAttemptAt: instant.nullable(),
    endedAt: instant.nullable(),
  })
  .meta({ id: "WebhookDelivery" });
const replayed = z.object({ replayed: count });

const common = { tag: "webhooks", needs: "admin-permissions" } as const;
const ofOne = { ...common, problems: ["no-such-webhook", "not-configured"] } satisfies Partial<Operation>;

/** `/api/webhooks`, described. */
export const WEBHOOK_OPERATIONS: Operations = {
  "GET /api/webhooks": {
    ...common,
    id: "listWebhooks",
    summary: "Webhooks, without their secrets",
    answers: { 200: { description: "All", schema: z.object({ webhooks: z.array(webhook) }) } },
    problems: ["not-configured"],
  },
  "POST /api/webhooks": {
    ...common,
    id: "createWebhook",
    summary: "Registers a webhook; its secret is shown this once",
    body: { schema: newWebhook },
    answers: { 201: { description: "The webhook", schema: z.object({ ...shape, secret }) } },
    problems: ["not-configured", "webhook-address-refused"],
  },
  "GET /api/webhooks/:id": {
    ...ofOne,
    id: "getWebhook",
    summary: "A webhook",
    answers: { 200: { description: "The webhook", schema: webhook } },
  },
  "PATCH /api/webhooks/:id": {
    ...ofOne,
    id: "changeWebhook",
    summary: "Changes what the body names",
    body: { schema: webhookPatch },
    answers: { 200: { description: "The webhook", schema: webhook } },
    problems: [...ofOne.problems, "webhook-address-refused"],
  },
  "DELETE /api/webhooks/:id": {
    ...ofOne,
    id: "removeWebhook",
    summary: "Removes a webhook with all that waits for it",
    answers: { 204: { description: "It is gone" } },
  },
  "POST /api/webhooks/:id/secret": {
    ...ofOne,
    id: "rotateWebhookSecret",
    summary: "Another secret; the former one stays good for the overlap",
    body: { schema: rotation, required: false },
    answers: { 201: { description: "The secret", schema: z.object({ secret, formerUntil: instant }) } },
  },
  "POST /api/webhooks/:id/ping": {
    ...ofOne,
    id: "pingWebhook",
    summary: "Has `webhook.ping` delivered",
    answers: { 202: { description: "It waits to be delivered", schema: z.object({ queued: z.literal(1) }) } },
  },
  "GET /api/webhooks/:id/deliveries": {
    ...ofOne,
    id: "listDeliveries",
    summary: "What was delivered and what was not, the newest first",
    query: deliveryPage,
    answers: {
      200: {
        description: "A page; `next` is the `before` of the next",
        schema: z.object({ deliveries: z.array(delivery), next: number.optional() }),
      },
    },
  },
  "POST /api/webhooks/:id/deliveries/replay": {
    ...ofOne,
    id: "replayFailedDeliveries",
    summary: "Has everything that failed delivered again",
    answers: { 202: { description: "How many", schema: replayed } },
  },
  "POST /api/webhooks/:id/deliveries/:delivery/replay": {
    ...ofOne,
    id: "replayDelivery",
    summary: "Has one delivered again",
    answers: { 202: { description: "It waits", schema: replayed } },
    problems: [...ofOne.problems, "no-such-delivery"],
  },
};
