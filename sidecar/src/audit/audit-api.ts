import type { ErrorRequestHandler, RequestHandler, Response } from "express";
import { onceAllowed } from "../authorization/allow.js";
import { ApiError, sendProblem } from "../error-response.js";
import type { Logger } from "../log.js";
import { AuditedRequest, noteForAudit, type AuditFacts } from "./audit-request.js";
import type { AuditTrail } from "./audit-trail.js";
import { AUDITED_ROUTES } from "./audited-routes.js";
import { routeFinder } from "./find-route.js";
import type { TrustedProxies } from "./source.js";

export interface AuditParts {
  readonly trail: AuditTrail;
  readonly proxies: TrustedProxies;
  readonly log: Logger;
}

const requests = new WeakMap<Response, AuditedRequest>();
const findRoute = routeFinder(AUDITED_ROUTES);

/** Stands before every route: has each request recorded before its answer leaves, and lets none pass that it does not know. */
export function auditApi({ trail, proxies, log }: AuditParts): RequestHandler {
  return (request, response, next) => {
    const found = findRoute(request.method, request.path);
    if (found === undefined) throw new ApiError(404, "no-such-resource", "There is nothing at this address.");
    if (!("params" in found)) {
      next();
      return;
    }
    const { route, params } = found;
    const source = proxies.sourceOf(request);
    const audited = new AuditedRequest(route, params, request, response, source, trail);
    requests.set(response, audited);
    if (route.recordedFirst === true) onceAllowed(response, () => audited.begin());
    holdAnswer(response, audited, log);
    next();
  };
}

/** For a handler that knows only after a look what it is about: records the request before it is done. */
export async function recordFirst(response: Response, facts: AuditFacts): Promise<void> {
  noteForAudit(response, facts);
  await requests.get(response)?.begin();
}

/** Stands before the error boundary: a refusal is recorded, too, before it leaves. */
export const auditRefusals: ErrorRequestHandler = async (error: unknown, _request, response, next) => {
  try {
    await requests.get(response)?.settle(error);
  } catch (unwritten) {
    next(unwritten);
    return;
  }
  next(error);
};

/** The last piece of an answer waits until the request is recorded; when it cannot be, there is another answer. */
function holdAnswer(response: Response, audited: AuditedRequest, log: Logger): void {
  const end = response.end.bind(response) as (...parameters: unknown[]) => Response;
  const held = (...parameters: unknown[]): Response => {
    response.end = end as Response["end"];
    audited.settle().then(
      () => end(...parameters),
      (error: unknown) => {
        // A refusal that has its head already shows nothing: it may go.
        if (response.headersSent && response.statusCode >= 400) {
          end(...parameters);
          return;
        }
        if (!response.headersSent) for (const name of response.getHeaderNames()) response.removeHeader(name);
        sendProblem(response, error, log);
      },
    );
    return response;
  };
  response.end = held as Response["end"];
}
