import { expect, test } from "vitest";
import { hashPassword, verifyPassword } from "./password.js";

test("a password is recognised by its hash, another is not", async () => {
  const hash = await hashPassword("correct horse battery");
  expect(hash).not.toContain("correct");
  expect(await verifyPassword("correct horse battery", hash)).toBe(true);
  expect(await verifyPassword("correct horse batterz", hash)).toBe(false);
});

test("the same password is hashed differently each time", async () => {
  expect(await hashPassword("correct horse battery")).not.toBe(await hashPassword("correct horse battery"));
});
