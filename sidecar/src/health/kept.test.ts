import { expect, test } from "vitest";
import { kept } from "./kept.js";

test("who asks meanwhile shares the answer, who asks later gets a new one, and a fault is not kept", async () => {
  let asked = 0;
  const ask = () => {
    asked += 1;
    return asked === 2 ? Promise.reject(new Error("away")) : Promise.resolve(asked);
  };
  const long = kept(ask, 60_000);
  expect(await Promise.all([long(), long()])).toEqual([1, 1]);
  expect(await long()).toBe(1);
  const short = kept(ask, -1);
  await expect(short()).rejects.toThrow("away");
  expect(await short()).toBe(3);
  expect(await short()).toBe(4);
});
