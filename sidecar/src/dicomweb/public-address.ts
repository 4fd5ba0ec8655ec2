import type { IncomingMessage } from "node:http";

/** As nginx writes it for Orthanc: a host that could be misread is not passed on. */
const HOST = /^[A-Za-z0-9.:[\]-]+$/;

/** The address the client used, by the headers nginx sets; empty when it cannot be told, and URLs are relative then. */
export function publicAddress(request: IncomingMessage): string {
  const { host = "" } = request.headers;
  return HOST.test(host) ? `${protocolOf(request)}://${host}` : "";
}

/** The same as a Forwarded header (RFC 7239). */
export function forwardedOf(request: IncomingMessage): string | undefined {
  const { host = "" } = request.headers;
  return HOST.test(host) ? `host=${host};proto=${protocolOf(request)}` : undefined;
}

function protocolOf(request: IncomingMessage): "http" | "https" {
  return request.headers["x-forwarded-proto"] === "https" ? "https" : "http";
}
