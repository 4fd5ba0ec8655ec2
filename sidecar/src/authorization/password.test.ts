import { expect, test } from "vitest";
import { hashOfNobody, hashPassword, verifyPassword } from "./password.js";

test("a password is recognised by its hash, another is not", async () => {
  const hash = await hashPassword("correct horse battery");
  expect(hash).not.toContain("correct");
  expect(await verifyPassword("correct horse battery", hash)).toBe(true);
  expect(await verifyPassword("correct horse batterz", hash)).toBe(false);
});

test("the same password is hashed differently each time", async () => {
  expect(await hashPassword("correct horse battery")).not.toBe(await hashPassword("correct horse battery"));
});

test("the hash of nobody costs what others cost, and no password has it", async () => {
  const [nobody, somebody] = [hashOfNobody(), await hashPassword("correct horse battery")].map((hash) =>
    hash.split("$"),
  );
  expect(nobody?.slice(0, 4)).toEqual(somebody?.slice(0, 4));
  expect(nobody?.map(({ length }) => length)).toEqual(somebody?.map(({ length }) => length));
  expect(hashOfNobody()).not.toBe(hashOfNobody());
  expect(await verifyPassword("", hashOfNobody())).toBe(false);
});
