import { Webhook } from "standardwebhooks";
import { describe, expect, test } from "vitest";
import { isSigned, newSecret, rotated, signedHeaders } from "./signature.js";

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

describe("what somebody else signed", () => {
  const now = Date.parse("2026-03-01T02:00:00Z");
  const [ours, other] = [newSecret(), newSecret()];
  const body = Buffer.from('{"type":"study.ready"}');
  const timestamp = String(now / 1_000);
  const signature = (secret: string) => new Webhook(secret).sign("msg_1", new Date(now), body.toString());
  const taken = (signatures: string, rest: { id?: string; body?: Uint8Array; until?: number } = {}) =>
    isSigned(
      { id: rest.id ?? "msg_1", timestamp, signatures },
      rest.body ?? body,
      [{ secret: ours, until: rest.until }],
      now,
    );

  test("is taken when one of its signatures is by a secret in force", () => {
    expect(taken(signature(ours))).toBe(true);
    expect(taken(`${signature(other)} ${signature(ours)}`)).toBe(true);
    expect(taken(signature(ours), { until: now + 1 })).toBe(true);
  });

  test("is not taken by another secret, id, body or kind, nor once the secret is over", () => {
    expect(taken(signature(other))).toBe(false);
    expect(taken(signature(ours), { id: "msg_2" })).toBe(false);
    expect(taken(signature(ours), { body: Buffer.from("{}") })).toBe(false);
    expect(taken(signature(ours).replace("v1,", "v1a,"))).toBe(false);
    expect(taken(signature(ours), { until: now })).toBe(false);
    expect(taken("")).toBe(false);
  });

  test("a replaced secret is over when it was said, or sooner when that was said before", () => {
    const first = rotated(
      "third",
      [{ secret: "second" }, { secret: "first", until: now + 5 }],
      now + 10,
      now,
    );
    expect(first).toEqual([
      { secret: "third" },
      { secret: "second", until: now + 10 },
      { secret: "first", until: now + 5 },
    ]);
    expect(rotated("fourth", first, now + 20, now + 7)).toEqual([
      { secret: "fourth" },
      { secret: "third", until: now + 20 },
      { secret: "second", until: now + 10 },
    ]);
  });
});
