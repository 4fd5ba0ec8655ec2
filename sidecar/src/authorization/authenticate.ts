import type { IncomingMessage } from "node:http";
import { ApiError } from "../error-response.js";
import { unauthorized, type AccessTokens, type Principal } from "./access-token.js";
import { roleMay, type Permission } from "./roles.js";

/**
 * Who sends a request, by its Bearer token (RFC 6750, header only: a token in a URL ends up in logs).
 * @throws ApiError 401
 */
export async function authenticate(request: IncomingMessage, tokens: AccessTokens): Promise<Principal> {
  const match = /^Bearer +([\w.~+/-]+=*) *$/i.exec(request.headers.authorization ?? "");
  if (match?.[1] === undefined)
    throw unauthorized("token-missing", "An access token is needed: Authorization: Bearer …");
  return tokens.verify(match[1]);
}

/** @throws ApiError 403 when the role does not have the permission */
export function demand(principal: Principal, permission: Permission): void {
  if (!roleMay(principal.role, permission)) {
    throw new ApiError(403, "forbidden", `The role ${principal.role} may not do this (${permission}).`);
  }
}
