import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, test } from "vitest";
import { activeTrace } from "./active-trace.js";
import { requestName } from "./request-name.js";
import type { TraceContext } from "./trace-context.js";
import { tracedRequests } from "./trace-requests.js";
import { NO_TRACER, type SpanStart, type Tracer } from "./tracer.js";

test.each([
  ["GET", "/api/studies/1.2.3/key-images?patientName=Hong", "GET /api/studies"],
  ["POST", "/api/emr/patients", "POST /api/emr"],
  ["GET", "/dicom-web/studies/1.2.3/series/4/instances/5/frames/1", "GET /dicom-web"],
  ["GET", "/orthanc/app/explorer.html", "GET /orthanc"],
  ["HONG", "/api/studies", "OTHER /api/studies"],
  ["GET", "/api/Hong^Gildong", undefined],
  ["GET", "/dicom-web-of-Hong", undefined],
  ["GET", "/api/health/live", undefined],
  ["GET", "/metrics", undefined],
  ["POST", "/internal/arrival", undefined],
  [undefined, undefined, undefined],
])("%s %s is called %s", (method, url, name) => {
  expect(requestName(method, url)).toBe(name);
});

const OWN: TraceContext = { traceId: "1".repeat(32), spanId: "2".repeat(16), sampled: true };
const TOLD = `00-${"a".repeat(32)}-${"b".repeat(16)}-00`;

/** Asks a server that is traced; answers what was told of it, and what was active while it answered. */
async function ask(headers: Record<string, string>, status = 200) {
  const told: unknown[] = [];
  const tracer: Tracer = {
    begin: (name, start: SpanStart = {}) => {
      told.push(name, start.parent);
      return {
        context: OWN,
        note: (attributes) => void told.push(attributes),
        end: (error) => void told.push(error),
      };
    },
    stop: () => Promise.resolve(),
  };
  let active: TraceContext | undefined;
  const listener: RequestListener = (_request, response) => {
    void Promise.resolve().then(() => {
      active = activeTrace();
      response.writeHead(status).end();
    });
  };
  const server = createServer(tracedRequests(tracer, () => "GET /api/studies", listener)).listen(0);
  await once(server, "listening");
  await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`, { headers });
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  return { told, active };
}

test("a request continues the trace that it names, without a valid one it begins another", async () => {
  const { told, active } = await ask({ traceparent: TOLD });
  const parent = { traceId: "a".repeat(32), spanId: "b".repeat(16), sampled: false };
  expect(told).toEqual(["GET /api/studies", parent, { "neuronova.outcome": 200 }, undefined]);
  expect(active).toEqual(OWN);
  for (const traceparent of [`00-${"a".repeat(32)}-Hong-01`, `${TOLD}, ${TOLD}`, "00"])
    expect((await ask({ traceparent })).told[1]).toBeUndefined();
});

test("an answer of the class 5xx is a fault", async () => {
  expect((await ask({}, 503)).told.at(-1)).toEqual({ code: "http-503" });
});

test("without a collector there is nothing before the listener", () => {
  const listener: RequestListener = () => undefined;
  expect(tracedRequests(NO_TRACER, requestName, listener)).toBe(listener);
});
