import { expect, test, vi } from "vitest";
import { ApiError } from "../error-response.js";
import { ISSUER } from "./access-token.js";
import { BearerTokens } from "./bearer-tokens.js";
import { createPrincipal, type Principal } from "./principal.js";
import { invalidToken } from "./token-error.js";
import { IDENTITY_SECONDS } from "./verified-tokens.js";

const encoded = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
const token = `${encoded({ alg: "HS256" })}.${encoded({ iss: ISSUER })}.c2lnbmF0dXJl`;
const principal = createPrincipal(
  {
    subject: "account:1",
    kind: "account",
    displayName: "",
    role: "nurse",
    permissions: ["view"],
    labels: ["*"],
    patient: null,
    studyInstanceUids: null,
    grants: [],
  },
  "jti",
  new Date(Date.now() + 60_000),
);

function bearerTokens(verify: () => Promise<Principal>, clock = { now: 0 }) {
  const own = {
    verify: vi.fn(verify),
    forgetIdentities: () => undefined,
    prolong: () => Promise.resolve(null),
  };
  const apiKeys = { ...own, recognise: () => false };
  return { own, tokens: new BearerTokens(own, apiKeys, new Map(), () => clock.now) };
}

test("a token that is no good is checked once in five seconds, and again when identities changed", async () => {
  const clock = { now: 0 };
  const { own, tokens } = bearerTokens(() => Promise.reject(invalidToken()), clock);
  const refused = () => expect(tokens.verify(token)).rejects.toMatchObject({ code: "token-invalid" });
  await refused();
  await refused();
  expect(own.verify).toHaveBeenCalledTimes(1);
  tokens.forgetIdentities();
  await refused();
  expect(own.verify).toHaveBeenCalledTimes(2);
  clock.now = IDENTITY_SECONDS * 1_000;
  await refused();
  expect(own.verify).toHaveBeenCalledTimes(3);
});

test("a refusal that was decided before identities changed is not kept", async () => {
  const gate: { refuse?: () => void } = {};
  const answers = [
    () => new Promise<Principal>((_resolve, reject) => (gate.refuse = () => reject(invalidToken()))),
    () => Promise.resolve(principal),
  ];
  const { tokens } = bearerTokens(() => answers.shift()?.() ?? Promise.reject(new Error("asked too often")));
  const before = tokens.verify(token);
  tokens.forgetIdentities();
  gate.refuse?.();
  await expect(before).rejects.toBeInstanceOf(ApiError);
  expect((await tokens.verify(token)).subject).toBe("account:1");
});

test("that something is away is no refusal to be kept", async () => {
  const answers = [
    () => Promise.reject<Principal>(new ApiError(503, "state-unavailable", "away")),
    () => Promise.resolve(principal),
  ];
  const { tokens } = bearerTokens(() => answers.shift()?.() ?? Promise.reject(new Error("asked too often")));
  await expect(tokens.verify(token)).rejects.toMatchObject({ status: 503 });
  expect((await tokens.verify(token)).subject).toBe("account:1");
});
