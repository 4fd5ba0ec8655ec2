import { Router } from "express";
import { z } from "zod";
import { noteForAudit } from "../audit/audit-request.js";
import type { TrustedProxies } from "../audit/source.js";
import type { TokenVerifier } from "../authorization/access-token.js";
import { allow, allowAuthenticated, insistOnUnrestricted, principalOf } from "../authorization/allow.js";
import { parseBody } from "../authorization/parse-body.js";
import { ApiError } from "../error-response.js";
import type { BreakGlass } from "./break-glass.js";

export const searchSchema = z.object({
  state: z.enum(["open", "all"]).default("all"),
  limit: z.coerce.number().int().min(1).max(500).default(100),
  offset: z.coerce.number().int().min(0).max(10_000_000).default(0),
});

/** `/api/break-glass`: doctors and radiologists ask; administrators list and acknowledge. */
export function breakGlassRoutes(
  breakGlass: BreakGlass,
  tokens: TokenVerifier,
  proxies: TrustedProxies,
): Router {
  const router = Router();
  router.post("/", allow(tokens, "break-glass"), async (request, response) => {
    const { address: sourceAddress, userAgent } = proxies.sourceOf(request);
    const circumstances = { sourceAddress, userAgent };
    const granted = await breakGlass.ask(principalOf(response), request.body, circumstances);
    noteForAudit(response, { target: `break-glass:${granted.id}`, breakGlassId: granted.id });
    response.status(201).json(granted);
  });
  router.get("/", allow(tokens, "audit-logs"), insistOnUnrestricted, async (request, response) => {
    const { state, ...page } = parseBody(searchSchema, request.query);
    response.json({ accesses: await breakGlass.list({ unacknowledged: state === "open", ...page }) });
  });
  router.post(
    "/:id/acknowledgement",
    allow(tokens, "audit-logs"),
    insistOnUnrestricted,
    async (request, response) => {
      await breakGlass.acknowledge(principalOf(response), idOf(request.params["id"]), request.body);
      response.status(204).end();
    },
  );
  router.delete("/:id", allowAuthenticated(tokens), async (request, response) => {
    await breakGlass.end(principalOf(response), idOf(request.params["id"]));
    response.status(204).end();
  });
  return router;
}

function idOf(text: unknown): number {
  if (typeof text !== "string" || !/^[1-9]\d{0,14}$/.test(text))
    throw new ApiError(404, "no-such-break-glass", "There is no such access.");
  return Number(text);
}
