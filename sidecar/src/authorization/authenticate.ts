import type { IncomingMessage } from "node:http";
import { ApiError } from "../error-response.js";
import type { TokenVerifier } from "./access-token.js";
import type { Permission } from "./permissions.js";
import type { Principal } from "./principal.js";
import { unauthorized } from "./token-error.js";

/**
 * Who sends a request, by its Bearer token (RFC 6750, header only: a token in a URL ends up in logs).
 * @throws ApiError 401
 */
export async function authenticate(request: IncomingMessage, tokens: TokenVerifier): Promise<Principal> {
  return tokens.verify(bearerToken(request));
}

/** @throws ApiError 401 `token-missing` */
export function bearerToken(request: IncomingMessage): string {
  const [, token] = /^Bearer +([\w.~+/-]+=*) *$/i.exec(request.headers.authorization ?? "") ?? [];
  if (token === undefined)
    throw unauthorized("token-missing", "An access token is needed: Authorization: Bearer …");
  return token;
}

/** @throws ApiError 403 without the permission */
export function demand(principal: Principal, permission: Permission): void {
  if (!principal.permissions.has(permission))
    throw new ApiError(
      403,
      "forbidden",
      `This needs the permission ${permission}.`,
      {},
      { reason: "permission-missing" },
    );
}

/** Nobody hands on what they do not have. */
export function demandAll(creator: Principal, permissions: readonly Permission[]): void {
  const missing = permissions.filter((permission) => !creator.permissions.has(permission));
  if (missing.length > 0)
    throw new ApiError(403, "forbidden", `You do not have ${missing.join(", ")} yourself.`);
}
