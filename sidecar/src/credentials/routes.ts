import express, { Router, type Response } from "express";
import { decodeJwt } from "jose";
import { noteForAudit } from "../audit/audit-request.js";
import { principalOf } from "../authorization/allow.js";
import { ApiError } from "../error-response.js";
import type { ApiKeys } from "./api-keys.js";
import type { Clients } from "./clients.js";
import { OAuthError, type TokenEndpoint } from "./token-endpoint.js";

/** `/api/api-keys`, for those who have `admin-permissions` and reach every study. */
export function apiKeyRoutes(keys: ApiKeys): Router {
  const router = Router();
  router.get("/", async (_request, response) => {
    response.json({ apiKeys: await keys.list() });
  });
  router.post("/", async (request, response) => {
    const created = await keys.create(principalOf(response), request.body);
    noteForAudit(response, { target: `api-key:${created.id}` });
    response.status(201).json(created);
  });
  router.delete("/:id", async (request, response) => {
    const { id } = request.params;
    if (!/^[1-9]\d{0,14}$/.test(id))
      throw new ApiError(404, "no-such-api-key", "There is no such API key in force.");
    await keys.revoke(Number(id));
    response.status(204).end();
  });
  return router;
}

/** `/api/clients`, for those who have `admin-permissions` and reach every study. */
export function clientRoutes(clients: Clients): Router {
  const router = Router();
  router.get("/", async (_request, response) => {
    response.json({ clients: await clients.list() });
  });
  router.post("/", async (request, response) => {
    const clientId = await clients.register(principalOf(response), request.body);
    noteForAudit(response, { target: `client:${clientId}` });
    response.status(201).json({ registered: true });
  });
  router.delete("/:clientId", async (request, response) => {
    await clients.revoke(request.params.clientId);
    response.status(204).end();
  });
  return router;
}

/** `POST /api/oauth/token` (RFC 6749 section 3.2). */
export function tokenRoutes(endpoint: TokenEndpoint | undefined): Router {
  const router = Router();
  router.post("/token", express.urlencoded({ extended: false, limit: "32kb" }), async (request, response) => {
    if (endpoint === undefined)
      throw new ApiError(503, "not-configured", "NEURONOVA_PUBLIC_URL is not set: assertions name it.");
    // RFC 6749 5.1
    response.setHeader("Cache-Control", "no-store");
    try {
      const { client, answer } = await endpoint.answer((request.body ?? {}) as Record<string, unknown>);
      const { jti: tokenId = "" } = decodeJwt(answer.access_token);
      const { clientId, name: displayName } = client;
      const who = {
        subject: `client:${clientId}`,
        kind: "client",
        displayName,
        role: null,
        tokenId,
      } as const;
      noteForAudit(response, { who });
      response.json(answer);
    } catch (error) {
      if (!(error instanceof OAuthError)) throw error;
      noteForAudit(response, { reason: error.error.replaceAll("_", "-") });
      refuse(response, error);
    }
  });
  return router;
}

function refuse(response: Response, { status, error, message }: OAuthError): void {
  response.status(status).json({ error, error_description: message });
}
