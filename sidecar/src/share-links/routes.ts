import { Router } from "express";
import { decodeJwt } from "jose";
import { z } from "zod";
import type { TokenVerifier } from "../authorization/access-token.js";
import { noteForAudit } from "../audit/audit-request.js";
import { allow, allowAuthenticated, principalOf } from "../authorization/allow.js";
import { parseBody } from "../authorization/parse-body.js";
import { isUnrestricted } from "../authorization/principal.js";
import { ApiError } from "../error-response.js";
import type { ShareLinks, ShareRequest } from "./share-links.js";

export const exchangeSchema = z.strictObject({ token: z.string().min(1).max(256) });
export const pageSchema = z.object({
  limit: z.coerce.number().int().min(1).max(500).default(100),
  offset: z.coerce.number().int().min(0).max(10_000_000).default(0),
});

/**
 * `/api/share-links`: mint, list, revoke; and exchange, for whoever has a link. The token travels in the fragment of
 * the link and in bodies only: neither logs nor Referer hold it.
 */
export function shareLinkRoutes(
  links: ShareLinks,
  tokens: TokenVerifier,
  publicUrl: string | undefined,
): Router {
  const router = Router();
  router.post("/exchange", async (request, response) => {
    const { token } = parseBody(exchangeSchema, request.body);
    response.setHeader("Cache-Control", "no-store");
    const session = await links.exchange(token);
    const { sub: subject = "", jti: tokenId = "" } = decodeJwt(session.accessToken);
    const displayName = subject.replace(":", " link ");
    const who = { subject, kind: "share-link", displayName, role: null, tokenId } as const;
    noteForAudit(response, { who, studyInstanceUids: session.studyInstanceUids });
    response.json(session);
  });
  router.post("/renewal", allowAuthenticated(tokens), async (_request, response) => {
    response.json(await links.renew(principalOf(response)));
  });
  router.post("/", allow(tokens, "share"), async (request, response) => {
    const minted = await links.mint(principalOf(response), request.body as ShareRequest);
    noteForAudit(response, { target: `share:${minted.id}` });
    response.status(201).json({ ...minted, url: `${publicUrl ?? ""}/share#${minted.token}` });
  });
  router.get("/", allow(tokens, "share"), async (request, response) => {
    const { limit, offset } = parseBody(pageSchema, request.query);
    const principal = principalOf(response);
    const everybody = principal.permissions.has("admin-permissions") && isUnrestricted(principal);
    response.json({ shareLinks: await links.list(principal, everybody, limit, offset) });
  });
  router.delete("/:id", allow(tokens, "share"), async (request, response) => {
    const id = request.params["id"];
    if (typeof id !== "string" || !/^[1-9]\d{0,14}$/.test(id))
      throw new ApiError(404, "no-such-share-link", "There is no such link in force.");
    await links.revoke(principalOf(response), Number(id));
    response.status(204).end();
  });
  return router;
}
