import type { RequestHandler, Response } from "express";
import type { TokenVerifier } from "./access-token.js";
import { authenticate, demand } from "./authenticate.js";
import type { Permission } from "./permissions.js";
import type { Principal } from "./principal.js";
import { demandUnrestricted } from "./study-access.js";

const principals = new WeakMap<Response, Principal>();
const waited = new WeakMap<Response, () => Promise<void>>();

/** Lets a request pass when its principal has the permission; {@link principalOf} then says who it is. */
export function allow(tokens: TokenVerifier, permission: Permission): RequestHandler {
  return async (request, response, next) => {
    const principal = await authenticate(request, tokens);
    principals.set(response, principal);
    demand(principal, permission);
    await waited.get(response)?.();
    response.setHeader("Cache-Control", "no-store");
    next();
  };
}

/** Lets every authenticated request pass. */
export function allowAuthenticated(tokens: TokenVerifier): RequestHandler {
  return async (request, response, next) => {
    principals.set(response, await authenticate(request, tokens));
    await waited.get(response)?.();
    response.setHeader("Cache-Control", "no-store");
    next();
  };
}

/** Has the request wait for the work between being let pass and being done. */
export function onceAllowed(response: Response, work: () => Promise<void>): void {
  waited.set(response, work);
}

/** Who the request is from, also when it was refused; undefined when its token says nobody. */
export function recognisedIn(response: Response): Principal | undefined {
  return principals.get(response);
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
