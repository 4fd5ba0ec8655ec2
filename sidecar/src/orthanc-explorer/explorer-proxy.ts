import type { IncomingMessage, ServerResponse } from "node:http";
import type { Access } from "../audit/access.js";
import { refusalOf, unrecorded } from "../audit/refusal.js";
import type { TrustedProxies } from "../audit/source.js";
import { authenticate, demand } from "../authorization/authenticate.js";
import type { Principal } from "../authorization/principal.js";
import { demandUnrestricted } from "../authorization/study-access.js";
import { ApiError, sendProblem } from "../error-response.js";
import type { Logger } from "../log.js";
import { recordArchiveAccess, type ArchiveAccessDependencies } from "./archive-access.js";
import { explorerCookie, tokenInCookie } from "./explorer-cookie.js";

export interface ExplorerDependencies extends ArchiveAccessDependencies {
  readonly tokens: {
    verify(token: string): Promise<Principal>;
    /** A token like this one that ends later; null when it is too old or still young. */
    prolong(token: string): Promise<string | null>;
  };
  readonly proxies: TrustedProxies;
  readonly log: Logger;
}

const SAFE: ReadonlySet<string> = new Set(["GET", "HEAD"]);

/**
 * `/orthanc/`: Orthanc Explorer and Orthanc's REST API, for administrators only; nginx's named location strips the
 * prefix. A program sends its Bearer token; a browser has the cookie of `POST /api/auth/orthanc-session`.
 */
export function orthancExplorer({ tokens, log, trail, proxies, resources }: ExplorerDependencies) {
  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    let principal: Principal | undefined;
    let recorded = false;
    const tell = (end: Partial<Pick<Access, "outcome" | "reason">>) =>
      recordArchiveAccess(principal, proxies.sourceOf(request), request, end, { trail, resources });
    const identify = (who: Principal) => (principal = who);
    try {
      const cookie = await admit(request, tokens, identify);
      recorded = true;
      await tell({});
      if (cookie !== null) response.setHeader("Set-Cookie", explorerCookie(cookie));
      response.writeHead(200, {
        "X-Accel-Redirect": "@orthanc_explorer",
        "Cache-Control": "private, no-store",
      });
      response.end();
    } catch (error) {
      const unwritten = recorded ? undefined : await unrecorded(() => tell(refusalOf(error)));
      if (error instanceof ApiError && error.status === 401 && isNavigation(request))
        toLogin(request, response);
      else sendProblem(response, unwritten ?? error, log);
    }
  };
}

/**
 * Lets an administrator in.
 * @returns a token to go on with, when the cookie's is in the second half of its life
 * @throws ApiError 401, 403
 */
async function admit(
  request: IncomingMessage,
  tokens: ExplorerDependencies["tokens"],
  identify: (principal: Principal) => void,
): Promise<string | null> {
  const cookie =
    request.headers.authorization === undefined ? tokenInCookie(request.headers.cookie) : undefined;
  const principal = cookie === undefined ? await authenticate(request, tokens) : await tokens.verify(cookie);
  identify(principal);
  demand(principal, "administer-archive");
  demandUnrestricted(principal);
  if (cookie === undefined) return null;
  insistOnOwnPage(request);
  return tokens.prolong(cookie);
}

/**
 * SameSite=Strict keeps other sites' requests from having the cookie; what changes something must also say that it
 * comes from a page of this origin (OWASP CSRF cheat sheet, "Fetch Metadata" and "Verifying Origin").
 */
function insistOnOwnPage({ method = "", headers }: IncomingMessage): void {
  if (SAFE.has(method)) return;
  const site = headers["sec-fetch-site"];
  const sameOrigin =
    site === undefined
      ? headers.origin !== undefined && hostOf(headers.origin) === headers.host
      : site === "same-origin";
  if (!sameOrigin)
    throw new ApiError(403, "cross-site", "With a cookie, only pages of this address may change anything.");
}

function hostOf(origin: string): string | undefined {
  return URL.canParse(origin) ? new URL(origin).host : undefined;
}

function isNavigation({ method, headers }: IncomingMessage): boolean {
  return method === "GET" && (headers.accept ?? "").includes("text/html");
}

/** The workspace has them log in and leads back here. */
function toLogin(request: IncomingMessage, response: ServerResponse): void {
  const [path = ""] = (request.url ?? "").split("?");
  response.writeHead(302, {
    Location: `/?continue=${encodeURIComponent(path)}`,
    "Cache-Control": "no-store",
  });
  response.end();
}
