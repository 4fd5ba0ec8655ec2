import { expect, test } from "vitest";
import { createPrincipal, type Principal } from "./principal.js";
import { RateLimitedTokens } from "./rate-limited-tokens.js";

function principal(subject: string): Principal {
  const identity = {
    subject,
    kind: "account",
    displayName: subject,
    role: "doctor",
    permissions: ["view"],
    labels: ["*"],
    patient: null,
    studyInstanceUids: null,
    grants: [],
  } as const;
  return createPrincipal(identity, "token", new Date(Date.now() + 60_000));
}

test("a principal gets so many requests in a minute, over all their tokens; others are not held up", async () => {
  let forgotten = 0;
  const verifier = {
    verify: (token: string) => Promise.resolve(principal(token.split("-")[0] ?? "")),
    forgetIdentities: () => void (forgotten += 1),
    prolong: () => Promise.resolve(null),
  };
  const tokens = new RateLimitedTokens(verifier, 3);
  for (const token of ["a-1", "a-2", "a-1"]) expect((await tokens.verify(token)).subject).toBe("a");
  const refusal = expect.objectContaining({ status: 429, code: "too-many-requests" }) as Error;
  await expect(tokens.verify("a-2")).rejects.toThrow(refusal);
  const error = (await tokens.verify("a-3").catch((thrown: unknown) => thrown)) as {
    headers: Record<string, string>;
  };
  expect(Number(error.headers["Retry-After"])).toBeGreaterThan(0);
  expect((await tokens.verify("b-1")).subject).toBe("b");
  tokens.forgetIdentities();
  expect(forgotten).toBe(1);
});
