import type { NextFunction, Request, Response } from "express";
import type { ServerResponse } from "node:http";
import type { Logger } from "./log.js";
import { StateUnavailable } from "./state/state-error.js";

/** What the audit trail is told of a refusal, and the client is not. */
export interface RefusalFacts {
  /** A stable code, more exact than the answer's. */
  readonly reason?: string;
  /** Who it was, where no token says it. */
  readonly who?: { readonly subject: string; readonly displayName: string; readonly role: string };
}

/** A fault that a client is told of: RFC 9457 problem details with a stable code. */
export class ApiError extends Error {
  override readonly name = "ApiError";
  /**
   * @param status HTTP status
   * @param code stable, machine-readable; listed in docs/errors.md
   * @param detail a sentence for a person; never holds patient identity or tokens
   */
  constructor(
    readonly status: number,
    readonly code: string,
    detail: string,
    readonly headers: Readonly<Record<string, string>> = {},
    readonly facts: RefusalFacts = {},
    /** Members of the problem beside its own (RFC 9457, section 3.2). */
    readonly extensions: Readonly<Record<string, unknown>> = {},
  ) {
    super(detail);
  }
}

interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly code: string;
  readonly detail: string;
}

/** The problem a fault is told as; whatever is not an {@link ApiError} stays inside. */
export function problemOf(error: unknown): Problem {
  const known = error instanceof ApiError ? error : fromHttpFault(error);
  return {
    ...known.extensions,
    type: `urn:neuronova:problem:${known.code}`,
    title: known.code.replaceAll("-", " "),
    status: known.status,
    code: known.code,
    detail: known.message,
  };
}

/** Express and its body parser mark their faults with a status; the message may repeat the body, so it is dropped. */
function fromHttpFault(error: unknown): ApiError {
  if (error instanceof StateUnavailable)
    return new ApiError(503, "state-unavailable", "The database does not answer; try again soon.", {
      "Retry-After": "5",
    });
  const status = (error as { status?: unknown } | null)?.status;
  if (status === 413) return new ApiError(413, "body-too-large", "The body is larger than is taken here.");
  if (status === 415)
    return new ApiError(
      415,
      "media-type-unsupported",
      "The body is encoded in a way that is not taken here.",
    );
  if (typeof status === "number" && status >= 400 && status < 500) {
    return new ApiError(status, "request-malformed", "The request cannot be read.");
  }
  return new ApiError(500, "internal-error", "Something failed here; the log has the details.");
}

/** Answers with the problem on a bare response. */
export function sendProblem(response: ServerResponse, error: unknown, log: Logger): void {
  const known = error instanceof ApiError ? error : fromHttpFault(error);
  const problem = problemOf(known);
  if (problem.status >= 500) log.error({ err: error }, "request failed");
  if (response.headersSent) {
    response.destroy();
    return;
  }
  response.writeHead(problem.status, {
    ...known.headers,
    "Content-Type": "application/problem+json",
    "Cache-Control": "no-store",
  });
  response.end(JSON.stringify(problem));
}

/** The one error boundary of the REST API. */
export function errorBoundary(log: Logger) {
  return (error: unknown, _request: Request, response: Response, next: NextFunction): void => {
    if (response.headersSent) next(error);
    else sendProblem(response, error, log);
  };
}
