import { Router, type Response } from "express";
import { z } from "zod";
import { noteForAudit } from "../audit/audit-request.js";
import { principalOf } from "../authorization/allow.js";
import { demandAll } from "../authorization/authenticate.js";
import { parseBody } from "../authorization/parse-body.js";
import { ApiError } from "../error-response.js";
import type { HookSources, Registrar } from "./hook-sources.js";
import { HOOK_STATES } from "./hook-store.js";
import { configured, hookStatus } from "./routes.js";

export const hookMessagePage = z.strictObject({
  state: z.enum(HOOK_STATES).optional(),
  before: z.coerce.number().int().min(1).default(Number.MAX_SAFE_INTEGER),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});

/** `/api/hook-sources`, for those who have `admin-permissions` and reach every study. */
export function hookSourceRoutes(sources: HookSources | undefined): Router {
  const router = Router();
  router.get("/", async (_request, response) => {
    response.json({ sources: await configured(sources).list() });
  });
  router.post("/", async (request, response) => {
    const created = await configured(sources).create(registrarOf(response), request.body);
    noteForAudit(response, { target: `hook-source:${created.name}` });
    response.status(201).json(created);
  });
  router.get("/:source", async (request, response) => {
    response.json(await configured(sources).get(request.params.source));
  });
  router.patch("/:source", async (request, response) => {
    const { source } = request.params;
    response.json(await configured(sources).change(registrarOf(response), source, request.body));
  });
  router.delete("/:source", async (request, response) => {
    await configured(sources).remove(request.params.source);
    response.status(204).end();
  });
  router.post("/:source/secret", async (request, response) => {
    response.status(201).json(await configured(sources).rotate(request.params.source, request.body));
  });
  router.get("/:source/messages", async (request, response) => {
    const { state, before, limit } = parseBody(hookMessagePage, request.query);
    const found = await configured(sources).messagesOf(request.params.source, state, before, limit);
    const last = found.length === limit ? found.at(-1)?.id : undefined;
    response.json({
      messages: found.map((message) => ({ id: message.id, ...hookStatus(message) })),
      ...(last === undefined ? {} : { next: last }),
    });
  });
  router.post("/:source/messages/:id/replay", async (request, response) => {
    const { source, id } = request.params;
    if (!/^[1-9]\d{0,14}$/.test(id))
      throw new ApiError(404, "no-such-hook-message", "There is no such message that failed.");
    await configured(sources).replay(source, Number(id));
    response.status(202).json({ replayed: 1 });
  });
  return router;
}

function registrarOf(response: Response): Registrar {
  const principal = principalOf(response);
  return {
    subject: principal.subject,
    demandAll: (permissions) => demandAll(principal, permissions),
  };
}
