import { expect, test } from "vitest";
import { SharedTokens } from "./shared-tokens.js";
import { tokenLife } from "./token-life.js";

const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString("base64url");
const jwt = (claims: object) => `${encode({ alg: "ES256" })}.${encode(claims)}.signature`;

function tokensOver(answers: (string | Error)[], clock: { now: number }) {
  const reasons: string[] = [];
  const tokens = new SharedTokens(
    async (reason) => {
      reasons.push(reason);
      await Promise.resolve();
      const answer = answers.shift();
      if (answer instanceof Error) throw answer;
      return answer ?? "";
    },
    () => clock.now,
  );
  return { tokens, reasons };
}
const first = jwt({ iat: 1_000, exp: 1_100, n: 1 });
const second = jwt({ iat: 1_080, exp: 1_180, n: 2 });

test("many elements ask at once, the provider once; and again at four fifths of the token's life", async () => {
  const clock = { now: 1_000_000 };
  const { tokens, reasons } = tokensOver([first, second], clock);
  expect(await Promise.all([tokens.get(), tokens.get(), tokens.get()])).toEqual([first, first, first]);
  clock.now = 1_079_999;
  expect(await tokens.get()).toBe(first);
  clock.now = 1_080_000;
  expect(await Promise.all([tokens.get(), tokens.get()])).toEqual([second, second]);
  expect(reasons).toEqual(["initial", "expiring"]);
});

test("a refusal is answered with one new token, also for those whose refusal comes later", async () => {
  const { tokens, reasons } = tokensOver([first, second], { now: 1_000_000 });
  await tokens.get();
  expect(await Promise.all([tokens.replace(first), tokens.replace(first)])).toEqual([second, second]);
  expect(await tokens.replace(first)).toBe(second);
  expect(reasons).toEqual(["initial", "refused"]);
});

test("a refusal while a token is being fetched for another reason is not answered with the refused one", async () => {
  const clock = { now: 1_000_000 };
  const { tokens, reasons } = tokensOver([first, first, second], clock);
  await tokens.get();
  clock.now = 1_080_000;
  // The provider gives the same token once more: it has its own idea of when it is old.
  const expiring = tokens.get();
  const replaced = await Promise.all([tokens.replace(first), tokens.replace(first)]);
  expect([await expiring, ...replaced]).toEqual([first, second, second]);
  expect(reasons).toEqual(["initial", "expiring", "refused"]);
});

test("a provider that is away for a moment costs nothing while the token lives, and is told of once it is over", async () => {
  const clock = { now: 1_000_000 };
  const { tokens } = tokensOver([first, new Error("away"), new Error("still away")], clock);
  await tokens.get();
  clock.now = 1_090_000;
  expect(await tokens.get()).toBe(first);
  clock.now = 1_100_000;
  await expect(tokens.get()).rejects.toThrow("still away");
});

test("a provider that gives nothing is an error, not an empty token", async () => {
  const { tokens } = tokensOver([""], { now: 0 });
  await expect(tokens.get()).rejects.toThrow("gave no token");
});

test("elements with one provider share its token; others do not", () => {
  const provider = () => Promise.resolve("token");
  expect(SharedTokens.of(provider)).toBe(SharedTokens.of(provider));
  expect(SharedTokens.of(() => Promise.resolve("token"))).not.toBe(SharedTokens.of(provider));
});

test("a token from the middle of its life is replaced in time; a clock that is wrong is not gone by", () => {
  const token = jwt({ iat: 1_000, exp: 1_100 });
  expect(tokenLife(token, 1_050_000)).toEqual({ renewAt: 1_080_000, endsAt: 1_100_000 });
  expect(tokenLife(token, 9_000_000)).toEqual({ renewAt: 9_080_000, endsAt: 9_100_000 });
  expect(tokenLife("opaque", 5).renewAt).toBe(Infinity);
  expect(tokenLife("a.###.b", 5).renewAt).toBe(Infinity);
});
