import express, { Router, type Response } from "express";
import { noteForAudit } from "../audit/audit-request.js";
import type { TrustedProxies } from "../audit/source.js";
import { ApiError } from "../error-response.js";
import type { HookInbox } from "./hook-inbox.js";
import type { HookMessage } from "./hook-store.js";

/** Stands before everything that reads bodies: a signature is over the bytes as they came. */
export const readHookBody = express.raw({ type: () => true, limit: "256kb" });

/** `/api/hooks`: what integrators tell, and where it has got to. */
export function hookRoutes(inbox: HookInbox | undefined, proxies: TrustedProxies): Router {
  const router = Router();
  router.post("/:source", async (request, response) => {
    const { source } = request.params;
    const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
    const { address } = proxies.sourceOf(request);
    const { message, isNew } = await configured(inbox).receive(source, request, body, address);
    noteSource(response, message);
    response
      .status(202)
      .setHeader("Location", `/api/hooks/${message.source}/${message.webhookId}`)
      .json({ ...hookStatus(message), duplicate: !isNew });
  });
  router.get("/:source/:webhookId", async (request, response) => {
    const { source, webhookId } = request.params;
    const message = await configured(inbox).status(source, webhookId, request);
    noteSource(response, message);
    response.setHeader("Cache-Control", "no-store").json(hookStatus(message));
  });
  return router;
}

export function configured<Part>(part: Part | undefined): Part {
  if (part !== undefined) return part;
  throw new ApiError(503, "not-configured", "NEURONOVA_WEBHOOK_KEY is not set: it seals the secrets.");
}

/** A message as its source sees it. */
export function hookStatus({
  webhookId,
  type,
  state,
  attempts,
  code,
  reason,
  result,
  ...times
}: HookMessage) {
  const { receivedAt, nextAttemptAt, endedAt } = times;
  return { webhookId, type, state, attempts, code, reason, result, receivedAt, nextAttemptAt, endedAt };
}

function noteSource(response: Response, { source, type }: HookMessage): void {
  noteForAudit(response, {
    who: {
      subject: `hook:${source}`,
      kind: "hook",
      displayName: source,
      role: null,
      tokenId: `hook:${source}`,
    },
    target: `message:${type}`,
  });
}
