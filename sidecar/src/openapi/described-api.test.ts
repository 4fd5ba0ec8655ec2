import { expect, test } from "vitest";
import { DescribedApi, type Exchange } from "../../test/stack/openapi.js";

const api = new DescribedApi();
const json = (method: string, path: string, status: number, body: unknown, sent?: object): Exchange => ({
  method,
  url: new URL(path, "http://localhost"),
  sent: { type: sent === undefined ? "" : "application/json", body: sent && JSON.stringify(sent) },
  status,
  type: status < 400 ? "application/json" : "application/problem+json",
  body,
});
const problem = (status: number, code: string) => ({ type: "", title: "", status, code, detail: "" });
const merges = "/api/emr/patients/7f0c1b52-7a0e-4d3c-9a55-1f6f0d3b8a11/merges";

test.each([
  ["an answer", json("GET", "/api/failures", 200, { failures: [] })],
  [
    "a problem with members of its own",
    json("GET", merges, 404, { ...problem(404, "no-such-record"), more: 1 }),
  ],
  ["an address that is none", json("GET", "/api/none", 404, problem(404, "no-such-resource"))],
  ["a refusal of nginx", { ...json("GET", "/api/studies", 429, undefined), type: "text/html" }],
  ["a number in a query", json("GET", "/api/studies?limit=5", 200, { total: 0, studies: [], next: null })],
])("%s is as it is described", (_name, exchange) => {
  expect(api.faults(exchange)).toEqual([]);
});

test.each([
  ["a member that is not described", json("GET", "/api/failures", 200, { failures: [], more: 1 })],
  ["a member that is missing", json("GET", "/api/failures", 200, {})],
  ["a value that is none of those", json("GET", "/api/health/live", 200, { status: "well" })],
  ["a time that is none", json("POST", "/api/break-glass", 201, { id: 1, expiresAt: "soon" })],
  ["a status that is not described", json("GET", "/api/failures", 206, { failures: [] })],
  ["a code that the route does not answer", json("GET", "/api/failures", 403, problem(403, "smart-denied"))],
  ["a route that is not described", json("GET", "/api/none", 200, {})],
  ["another media type", { ...json("GET", "/api/failures", 200, undefined), type: "text/plain" }],
  [
    "a query that was taken",
    json("GET", "/api/studies?limit=500", 200, { total: 0, studies: [], next: null }),
  ],
  ["a body that was taken", json("POST", "/api/outbox/replay", 202, { replayed: 0 }, { destination: "x" })],
])("%s is found", (_name, exchange) => {
  expect(api.faults(exchange)).not.toEqual([]);
});
