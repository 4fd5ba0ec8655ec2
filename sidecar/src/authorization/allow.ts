import type { RequestHandler, Response } from "express";
import type { TokenVerifier } from "./access-token.js";
import { authenticate, demand } from "./authenticate.js";
import type { Permission } from "./permissions.js";
import type { Principal } from "./principal.js";
import { demandUnrestricted } from "./study-access.js";

const principals = new WeakMap<Response, Principal>();

/** Lets a request pass when its principal has the permission; {@link principalOf} then says who it is. */
export function allow(tokens: TokenVerifier, permission: Permission): RequestHandler {
  return async (request, response, next) => {
    const principal = await authenticate(request, tokens);
    demand(principal, permission);
    principals.set(response, principal);
    response.setHeader("Cache-Control", "no-store");
    next();
  };
}

/** Lets every authenticated request pass. */
export function allowAuthenticated(tokens: TokenVerifier): RequestHandler {
  return async (request, response, next) => {
    principals.set(response, await authenticate(request, tokens));
    response.setHeader("Cache-Control", "no-store");
    next();
  };
}

/** Who the request being answered is from. */
export function principalOf(response: Response): Principal {
  const principal = principals.get(response);
  if (principal === undefined) throw new Error("this route does not authenticate its requests");
  return principal;
}

/** Lets pass only those who reach every study: what follows is not about single ones. */
export const insistOnUnrestricted: RequestHandler = (_request, response, next) => {
  demandUnrestricted(principalOf(response));
  next();
};
