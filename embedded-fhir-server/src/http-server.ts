import { badRequest, getStatus, notFound, serverError } from "@medplum/core";
import type { HttpMethod } from "@medplum/fhir-router";
import type { OperationOutcome, Resource } from "@medplum/fhirtypes";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { FhirAnswer, FhirApi } from "./fhir-api.js";

const BASE = "/fhir/R4";
const METHODS: ReadonlySet<string> = new Set(["GET", "POST", "PUT", "PATCH", "DELETE"]);
const LARGEST_BODY_BYTES = 32 * 1024 * 1024;

/** The FHIR REST API over HTTP (https://hl7.org/fhir/R4/http.html) below `/fhir/R4`, and `/health`. */
export function createFhirServer(api: FhirApi): Server {
  const server = createServer((request, response) => {
    answer(request, response, api).catch((error: unknown) => {
      send(response, { outcome: serverError(error as Error) });
    });
  });
  server.keepAliveTimeout = 75_000;
  return server;
}

async function answer(request: IncomingMessage, response: ServerResponse, api: FhirApi): Promise<void> {
  const url = request.url ?? "/";
  if (url === "/health") {
    response.writeHead(200, { "Content-Type": "application/json" }).end('{"status":"ready"}');
    return;
  }
  if (!new RegExp(`^${BASE}(?:[/?]|$)`).test(url) || !METHODS.has(request.method ?? "")) {
    send(response, { outcome: notFound });
    return;
  }
  const { port } = request.socket.address() as AddressInfo;
  const base = `http://${request.headers.host ?? `127.0.0.1:${port}`}${BASE}`;
  let body: unknown;
  try {
    body = await readJson(request);
  } catch {
    send(response, { outcome: badRequest("The body is not JSON, or too large") });
    return;
  }
  const call = {
    method: request.method as HttpMethod,
    url: url.slice(BASE.length).replace(/^\//, ""),
    headers: request.headers,
    body,
    base,
  };
  send(response, await api.handle(call), base);
}

async function readJson(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.byteLength;
    if (bytes > LARGEST_BODY_BYTES) throw new RangeError("too large");
    chunks.push(chunk);
  }
  return bytes === 0 ? undefined : (JSON.parse(Buffer.concat(chunks).toString("utf8")) as unknown);
}

function send(response: ServerResponse, { outcome, resource }: FhirAnswer, base?: string): void {
  const status = getStatus(outcome);
  const body: Resource | OperationOutcome = resource ?? outcome;
  const versionId = resource?.meta?.versionId;
  const lastUpdated = resource?.meta?.lastUpdated;
  const wasWritten = (status === 201 || status === 200) && resource?.id !== undefined && base !== undefined;
  response.writeHead(status, {
    "Content-Type": "application/fhir+json; charset=utf-8",
    ...(versionId === undefined ? {} : { ETag: `W/"${versionId}"` }),
    ...(lastUpdated === undefined ? {} : { "Last-Modified": new Date(lastUpdated).toUTCString() }),
    ...(wasWritten && status === 201
      ? { Location: `${base}/${resource.resourceType}/${resource.id ?? ""}/_history/${versionId ?? ""}` }
      : {}),
  });
  response.end(status === 204 || status === 304 ? undefined : JSON.stringify(body));
}
