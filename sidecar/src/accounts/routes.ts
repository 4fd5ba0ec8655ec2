import { Router } from "express";
import { z } from "zod";
import { noteForAudit } from "../audit/audit-request.js";
import { principalOf } from "../authorization/allow.js";
import { parseBody } from "../authorization/parse-body.js";
import { ApiError } from "../error-response.js";
import type { Accounts } from "./accounts.js";

export const pageSchema = z.object({
  limit: z.coerce.number().int().min(1).max(500).default(100),
  offset: z.coerce.number().int().min(0).max(10_000_000).default(0),
});

/** `/api/accounts`, for those who have `admin-permissions` and reach every study. */
export function accountRoutes(accounts: Accounts): Router {
  const router = Router();
  router.get("/", async (request, response) => {
    const { limit, offset } = parseBody(pageSchema, request.query);
    response.json({ accounts: await accounts.list(limit, offset) });
  });
  router.post("/", async (request, response) => {
    const created = await accounts.create(principalOf(response), request.body);
    noteForAudit(response, { target: `account:${created.id}` });
    response.status(201).json(created);
  });
  router.get("/:id", async (request, response) => {
    response.json(await accounts.details(idOf(request.params.id)));
  });
  router.patch("/:id", async (request, response) => {
    const id = idOf(request.params.id);
    const { role, disabled } = (request.body ?? {}) as { role?: unknown; disabled?: unknown };
    // The last administrator must not lock the door from outside.
    if (principalOf(response).subject === `account:${id}` && (role !== undefined || disabled === true))
      throw new ApiError(409, "own-account", "Another administrator has to change your role or disable you.");
    response.json(await accounts.change(principalOf(response), id, request.body));
  });
  router.put("/:id/password", async (request, response) => {
    await accounts.setPassword(principalOf(response), idOf(request.params.id), request.body);
    response.status(204).end();
  });
  return router;
}

function idOf(text: string): number {
  if (!/^[1-9]\d{0,14}$/.test(text)) throw new ApiError(404, "no-such-account", "There is no such account.");
  return Number(text);
}
