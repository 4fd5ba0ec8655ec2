import { Webhook } from "standardwebhooks";
import { expect, test } from "vitest";
import { newSecret, signedHeaders } from "./signature.js";

const body = '{"type":"series.stable"}';

test("the reference library of Standard Webhooks takes it, and nothing that was changed", () => {
  const secret = newSecret();
  const headers = signedHeaders("evt_1", body, [{ secret }], Date.now());
  const receiver = new Webhook(secret);
  expect(receiver.verify(body, headers)).toEqual({ type: "series.stable" });
  expect(() => receiver.verify(body.replace("stable", "Stable"), headers)).toThrow();
  expect(() => receiver.verify(body, { ...headers, "webhook-id": "evt_2" })).toThrow();
  expect(() => new Webhook(newSecret()).verify(body, headers)).toThrow();
});

test("while a secret is being replaced both are good, and the former no longer than it should be", () => {
  const [former, current] = [newSecret(), newSecret()];
  const now = Date.now();
  const secrets = [{ secret: current }, { secret: former, until: now + 1_000 }];
  const headers = signedHeaders("evt_1", body, secrets, now);
  expect(new Webhook(former).verify(body, headers)).toBeTruthy();
  expect(new Webhook(current).verify(body, headers)).toBeTruthy();
  const later = signedHeaders("evt_1", body, secrets, now + 1_001);
  expect(new Webhook(current).verify(body, later)).toBeTruthy();
  expect(() => new Webhook(former).verify(body, later)).toThrow();
});
