import { expect, test } from "vitest";
import { retryAfterOf } from "../../pipeline/retry-after.js";
import { refusalOf } from "./fhir-refusal.js";

const OUTCOME = JSON.stringify({
  resourceType: "OperationOutcome",
  issue: [
    { severity: "error", code: "invalid", diagnostics: "Hong Gildong", expression: ["Patient.birthDate"] },
  ],
});
const refusal = (status: number, text = OUTCOME, headers: Record<string, string> = {}) =>
  refusalOf(status, new Headers(headers), text, 0);

test("what the server will never take fails at once, with its OperationOutcome kept and no name in the message", () => {
  const codes = [400, 403, 404, 410, 412, 422, 413].map((status) => [status, refusal(status).code]);
  expect(codes).toEqual([
    [400, "fhir-refused"],
    [403, "fhir-forbidden"],
    [404, "fhir-gone"],
    [410, "fhir-gone"],
    [412, "fhir-ambiguous"],
    [422, "fhir-refused"],
    [413, "fhir-refused"],
  ]);
  const error = refusal(422);
  expect(error).toMatchObject({ retryable: false, concerns: "message", outcome: OUTCOME });
  expect(error.message).toBe("the FHIR server answered HTTP 422: error invalid Patient.birthDate");
});

test("credentials that are not taken, a redirect and an address without a FHIR server are matters of settings", () => {
  for (const error of [refusal(401), refusal(404, "<html>"), refusal(405, ""), refusal(307, "")])
    expect(error).toMatchObject({ retryable: true, concerns: "settings" });
});

test("a gateway's answer is an outage; the server's own fault may be the message's", () => {
  for (const status of [408, 502, 503, 504])
    expect(refusal(status)).toMatchObject({ code: "fhir-unavailable", concerns: "destination" });
  expect(refusal(500)).toMatchObject({ code: "fhir-fault", retryable: true, concerns: "message" });
  expect(refusal(409)).toMatchObject({ code: "fhir-conflict", retryable: true, concerns: "message" });
});

test("Retry-After is read as seconds and as a date", () => {
  expect(refusal(429, "", { "Retry-After": "7" })).toMatchObject({
    code: "fhir-busy",
    retryAfterMilliseconds: 7_000,
  });
  expect(refusal(503, "", { "Retry-After": "Thu, 01 Jan 1970 00:00:20 GMT" })).toMatchObject({
    code: "fhir-busy",
    retryAfterMilliseconds: 20_000,
  });
  expect(retryAfterOf("Thu, 01 Jan 1970 00:00:20 GMT", 60_000)).toBe(0);
  for (const nonsense of ["", "soon", "-3", "1.5"]) expect(retryAfterOf(nonsense, 0)).toBeUndefined();
});

test("an OperationOutcome of another shape is a refusal like another", () => {
  for (const issue of [null, {}, [null], ["no"], [{ severity: 1, expression: "Patient" }]]) {
    const text = JSON.stringify({ resourceType: "OperationOutcome", issue });
    expect(refusal(422, text)).toMatchObject({ code: "fhir-refused" });
  }
});
