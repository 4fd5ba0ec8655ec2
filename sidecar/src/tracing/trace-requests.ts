import type { RequestListener } from "node:http";
import { withTrace } from "./active-trace.js";
import { readTraceparent } from "./trace-context.js";
import { NO_TRACER, type Tracer } from "./tracer.js";

/**
 * Each request is a span: of the client's trace when it sends a valid `traceparent`, else of a new one.
 * @param nameOf undefined for requests that are of no trace
 */
export function tracedRequests(
  tracer: Tracer,
  nameOf: (method: string | undefined, url: string | undefined) => string | undefined,
  listener: RequestListener,
): RequestListener {
  if (tracer === NO_TRACER) return listener;
  return (request, response) => {
    const name = nameOf(request.method, request.url);
    const span =
      name === undefined
        ? undefined
        : tracer.begin(name, { kind: "server", parent: readTraceparent(request.headers["traceparent"]) });
    if (span !== undefined)
      response.once("close", () => {
        const { statusCode } = response;
        span.note({ "neuronova.outcome": statusCode });
        span.end(statusCode >= 500 ? { code: `http-${statusCode}` } : undefined);
      });
    withTrace(span?.context, () => listener(request, response));
  };
}
