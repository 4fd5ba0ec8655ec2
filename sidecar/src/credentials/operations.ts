import { z } from "zod";
import type { Operations } from "../openapi/operation.js";
import { instant, number, permissions } from "../openapi/values.js";
import { newKeySchema } from "./api-keys.js";
import { newClientSchema } from "./clients.js";

const apiKey = z
  .object({
    id: number,
    name: z.string(),
    permissions,
    labels: z.array(z.string()),
    createdBy: z.string(),
    createdAt: instant,
    expiresAt: instant,
    revokedAt: instant.nullable(),
    lastUsedAt: instant.nullable(),
  })
  .meta({ id: "ApiKey" });
const createdKey = z.object({
  id: number,
  key: z.string().meta({ description: "Shown this once" }),
  expiresAt: instant,
});
const client = z
  .object({
    clientId: z.string(),
    name: z.string(),
    permissions,
    labels: z.array(z.string()),
    jwks: z.object({ keys: z.array(z.record(z.string(), z.unknown())) }).nullable(),
    jwksUri: z.string().nullable(),
    createdBy: z.string(),
    createdAt: instant,
    revokedAt: instant.nullable(),
  })
  .meta({ id: "Client" });

/** RFC 6749 section 4.4.2 with RFC 7523 section 2.2; credentials/token-endpoint.ts reads it. */
const tokenRequest = z.object({
  grant_type: z.literal("client_credentials"),
  scope: z.string().optional(),
  client_assertion_type: z.literal("urn:ietf:params:oauth:client-assertion-type:jwt-bearer"),
  client_assertion: z.string().meta({ description: "A JWT, RS384 or ES384" }),
});
const tokenAnswer = z.object({
  access_token: z.string(),
  token_type: z.literal("bearer"),
  expires_in: z.int(),
  scope: z.string(),
});
const tokenRefusal = z.object({
  error: z.enum(["invalid_request", "invalid_client", "invalid_scope", "unsupported_grant_type"]),
  error_description: z.string(),
});

/** `/api/api-keys`, `/api/clients` and `/api/oauth`, described. */
export const CREDENTIAL_OPERATIONS: Operations = {
  "POST /api/oauth/token": {
    id: "getToken",
    tag: "session",
    summary: "A token for a registered program (SMART Backend Services)",
    needs: "nothing",
    body: { schema: tokenRequest, mediaTypes: ["application/x-www-form-urlencoded"] },
    answers: {
      200: { description: "The token", schema: tokenAnswer },
      400: { description: "Refused (RFC 6749 section 5.2)", schema: tokenRefusal },
      401: { description: "The program is not known, or its assertion is not valid", schema: tokenRefusal },
    },
    problems: ["not-configured", "identity-provider-unavailable"],
  },
  "GET /api/api-keys": {
    id: "listApiKeys",
    tag: "accounts",
    summary: "API keys, in force or not",
    needs: "admin-permissions",
    answers: { 200: { description: "All", schema: z.object({ apiKeys: z.array(apiKey) }) } },
    example: {},
  },
  "POST /api/api-keys": {
    id: "createApiKey",
    tag: "accounts",
    summary: "Creates an API key, which is shown this once",
    needs: "admin-permissions",
    body: { schema: newKeySchema },
    answers: { 201: { description: "The key", schema: createdKey } },
    example: {
      body: { name: "report writer", permissions: ["view", "emr-view"], labels: ["*"], validForDays: 90 },
    },
  },
  "DELETE /api/api-keys/:id": {
    id: "revokeApiKey",
    tag: "accounts",
    summary: "Revokes an API key",
    needs: "admin-permissions",
    answers: { 204: { description: "It is revoked" } },
    problems: ["no-such-api-key"],
  },
  "GET /api/clients": {
    id: "listClients",
    tag: "accounts",
    summary: "Programs that get tokens by client_credentials",
    needs: "admin-permissions",
    answers: { 200: { description: "All", schema: z.object({ clients: z.array(client) }) } },
  },
  "POST /api/clients": {
    id: "registerClient",
    tag: "accounts",
    summary: "Registers a program; either `jwks` or `jwksUri` has its public keys",
    needs: "admin-permissions",
    body: { schema: newClientSchema },
    answers: { 201: { description: "It is registered", schema: z.object({ registered: z.literal(true) }) } },
    problems: ["client-taken"],
  },
  "DELETE /api/clients/:clientId": {
    id: "revokeClient",
    tag: "accounts",
    summary: "Revokes a program",
    needs: "admin-permissions",
    path: { clientId: z.string() },
    answers: { 204: { description: "It is revoked" } },
    problems: ["no-such-client"],
  },
};
