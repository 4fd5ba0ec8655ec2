import type { IncomingMessage } from "node:http";
import { expect, test } from "vitest";
import { TrustedProxies } from "./source.js";

const proxies = new TrustedProxies(["127.0.0.1", "::1", "10.1.0.0/16"]);
const from = (remoteAddress: string, headers: Record<string, string> = {}) =>
  proxies.sourceOf({ headers, socket: { remoteAddress } } as unknown as IncomingMessage);

test("X-Forwarded-For counts when a trusted proxy sends it, and only then", () => {
  const forged = { "x-forwarded-for": "192.0.2.7" };
  expect(from("127.0.0.1", forged).address).toBe("192.0.2.7");
  expect(from("::ffff:127.0.0.1", forged).address).toBe("192.0.2.7");
  expect(from("10.1.200.3", forged).address).toBe("192.0.2.7");
  expect(from("10.2.0.3", forged).address).toBe("10.2.0.3");
  expect(from("203.0.113.9", forged).address).toBe("203.0.113.9");
});

test("what is no single address is not believed, whoever sends it", () => {
  for (const header of ["192.0.2.7, 10.0.0.1", "localhost", "", "192.0.2.7:80", "<script>"])
    expect(from("127.0.0.1", { "x-forwarded-for": header }).address).toBe("127.0.0.1");
});

test("a user agent is kept short and printable", () => {
  const { userAgent } = from("127.0.0.1", { "user-agent": `a\u0000b\u00e9${"x".repeat(1_000)}` });
  expect(userAgent).toHaveLength(256);
  expect(userAgent.startsWith("a?b?xxx")).toBe(true);
  expect(from("127.0.0.1").userAgent).toBe("");
});
