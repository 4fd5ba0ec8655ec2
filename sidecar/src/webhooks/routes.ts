import { Router, type Request } from "express";
import { z } from "zod";
import { noteForAudit } from "../audit/audit-request.js";
import { principalOf } from "../authorization/allow.js";
import { parseBody } from "../authorization/parse-body.js";
import { ApiError } from "../error-response.js";
import type { Webhooks } from "./webhooks.js";

export const deliveryPage = z.strictObject({
  state: z.enum(["pending", "delivered", "failed", "dropped"]).optional(),
  before: z.coerce.number().int().min(1).default(Number.MAX_SAFE_INTEGER),
  limit: z.coerce.number().int().min(1).max(500).default(100),
});

/** `/api/webhooks`, for those who have `admin-permissions` and reach every study. */
export function webhookRoutes(webhooks: Webhooks | undefined): Router {
  const router = Router();
  const configured = (): Webhooks => {
    if (webhooks !== undefined) return webhooks;
    throw new ApiError(503, "not-configured", "NEURONOVA_WEBHOOK_KEY is not set: it seals the secrets.");
  };
  router.get("/", async (_request, response) => {
    response.json({ webhooks: await configured().list() });
  });
  router.post("/", async (request, response) => {
    const created = await configured().create(principalOf(response).subject, request.body);
    noteForAudit(response, { target: `webhook:${created.id}` });
    response.status(201).json(created);
  });
  router.get("/:id", async (request, response) => {
    response.json(await configured().get(idOf(request)));
  });
  router.patch("/:id", async (request, response) => {
    response.json(await configured().change(idOf(request), request.body));
  });
  router.delete("/:id", async (request, response) => {
    await configured().remove(idOf(request));
    response.status(204).end();
  });
  router.post("/:id/secret", async (request, response) => {
    response.status(201).json(await configured().rotate(idOf(request), request.body));
  });
  router.post("/:id/ping", async (request, response) => {
    await configured().ping(idOf(request));
    response.status(202).json({ queued: 1 });
  });
  router.get("/:id/deliveries", async (request, response) => {
    const { state, before, limit } = parseBody(deliveryPage, request.query);
    const deliveries = await configured().deliveries(idOf(request), state, before, limit);
    const last = deliveries.length === limit ? deliveries.at(-1)?.id : undefined;
    response.json({ deliveries, ...(last === undefined ? {} : { next: last }) });
  });
  router.post("/:id/deliveries/replay", async (request, response) => {
    response.status(202).json({ replayed: await configured().redeliverFailed(idOf(request)) });
  });
  router.post("/:id/deliveries/:delivery/replay", async (request, response) => {
    await configured().redeliver(idOf(request), numberOf(request.params.delivery, "no-such-delivery"));
    response.status(202).json({ replayed: 1 });
  });
  return router;
}

function idOf(request: Request): number {
  return numberOf(request.params["id"], "no-such-webhook");
}

function numberOf(text: unknown, code: string): number {
  if (typeof text === "string" && /^[1-9]\d{0,14}$/.test(text)) return Number(text);
  throw new ApiError(404, code, "There is nothing of this number.");
}
