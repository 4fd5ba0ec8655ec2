import { expect, test } from "vitest";
import { isNetwork, networkList, networksSchema } from "./networks.js";

test.each([
  ["10.0.0.0/8", true],
  ["::1/128", true],
  ["10.0.0.0/33", false],
  ["10.0.0.0/", false],
  ["10.0.0.0/8/8", false],
  ["nginx", false],
  ["", false],
])("%s is a network: %s", (text, expected) => {
  expect(isNetwork(text)).toBe(expected);
});

test("an IPv4 address within an IPv6 one is looked at as itself", () => {
  const list = networkList(["10.1.0.0/16", "192.0.2.7"]);
  expect(list.check("::ffff:10.1.2.3", "ipv6")).toBe(true);
  expect(list.check("::ffff:10.2.2.3", "ipv6")).toBe(false);
  expect(list.check("192.0.2.8", "ipv4")).toBe(false);
  expect(() => networkList(["10.1.0.0/99"])).toThrow(RangeError);
});

test("a setting lists them; an empty one lists none, an empty place is an error", () => {
  expect(networksSchema("").parse(undefined)).toEqual([]);
  expect(networksSchema("").parse("10.0.0.0/8, ::1")).toEqual(["10.0.0.0/8", "::1"]);
  expect(networksSchema("").safeParse("10.0.0.0/8,,::1").success).toBe(false);
});
