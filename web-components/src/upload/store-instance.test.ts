import { expect, test } from "vitest";
import { outcomeOf } from "./store-instance.js";

const failed = (reason: number) =>
  JSON.stringify({ "00081198": { vr: "SQ", Value: [{ "00081197": { vr: "US", Value: [reason] } }] } });

test.each([
  [200, "", null, { kind: "stored" }],
  [503, "", "7", { kind: "later", why: "server", seconds: 7 }],
  [429, "", null, { kind: "later", why: "server" }],
  [502, "<html>", null, { kind: "later", why: "server" }],
  [503, failed(0xa700), "Fri, 31 Dec 1999 23:59:59 GMT", { kind: "later", why: "server" }],
  [413, failed(0xa700), null, { kind: "failed", fault: "too-large" }],
  [403, failed(0x0124), null, { kind: "failed", fault: "not-authorized" }],
  [403, JSON.stringify({ code: "forbidden" }), null, { kind: "failed", fault: "may-not-upload" }],
  [409, failed(0xc000), null, { kind: "failed", fault: "not-understood" }],
  [409, failed(0x0110), null, { kind: "failed", fault: "refused" }],
  [202, failed(0xc000), null, { kind: "failed", fault: "not-understood" }],
  [500, '{"detail":"No."}', null, { kind: "failed", fault: "server-fault", detail: "No." }],
])("%i %s is understood", (status, body, retryAfter, outcome) => {
  expect(outcomeOf({ status, body, retryAfter })).toEqual(outcome);
});
