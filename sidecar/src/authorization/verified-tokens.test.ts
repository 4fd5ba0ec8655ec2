import { expect, test, vi } from "vitest";
import { ApiError } from "../error-response.js";
import { StateUnavailable } from "../state/state-error.js";
import { createPrincipal, type Identity } from "./principal.js";
import { invalidToken } from "./token-error.js";
import { IDENTITY_SECONDS, OUTAGE_GRACE_SECONDS, VerifiedTokens } from "./verified-tokens.js";

const identity: Identity = {
  subject: "account:1",
  kind: "account",
  displayName: "",
  role: "nurse",
  permissions: ["view"],
  labels: ["*"],
  patient: null,
  studyInstanceUids: null,
  grants: [],
};

function tokensAt(clock: { now: number }, answers: (() => Promise<Identity>)[]) {
  const claims = { expiresAt: new Date(600_000) };
  const tokens = new VerifiedTokens<typeof claims>(
    async ({ expiresAt }) => {
      const answer = answers.shift();
      if (answer === undefined) throw new Error("asked too often");
      return createPrincipal(await answer(), "jti", expiresAt);
    },
    () => clock.now,
  );
  return { tokens, verify: () => tokens.principal("token", () => Promise.resolve(claims)) };
}
const is =
  (change: Partial<Identity> = {}) =>
  () =>
    Promise.resolve({ ...identity, ...change });
const refused = () => Promise.reject(invalidToken());

test("a change counts after five seconds at the latest, though nobody announced it", async () => {
  const clock = { now: 0 };
  const { verify } = tokensAt(clock, [is(), is({ role: "doctor" }), refused]);
  expect((await verify()).role).toBe("nurse");
  clock.now = IDENTITY_SECONDS * 1_000 - 1;
  expect((await verify()).role).toBe("nurse");
  clock.now = IDENTITY_SECONDS * 1_000;
  expect((await verify()).role).toBe("doctor");
  clock.now = IDENTITY_SECONDS * 2_000;
  await expect(verify()).rejects.toMatchObject({ status: 401 });
  await expect(verify()).rejects.toBeInstanceOf(ApiError);
});

test("a look-up that began before a change was announced is not the answer after it", async () => {
  const gate: { open?: () => void } = {};
  const slow = () => new Promise<Identity>((resolve) => (gate.open = () => resolve(identity)));
  const { tokens, verify } = tokensAt({ now: 0 }, [slow, is({ role: "doctor" })]);
  const first = verify();
  await new Promise((resolve) => setImmediate(resolve));
  tokens.forgetPrincipals();
  expect((await verify()).role).toBe("doctor");
  gate.open?.();
  expect((await first).role).toBe("nurse");
  expect((await verify()).role).toBe("doctor");
});

const away = () => Promise.reject(new StateUnavailable("the database does not answer"));

test("while the database is away who was known goes on for a minute, and no longer", async () => {
  const clock = { now: 0 };
  const { verify } = tokensAt(clock, [is(), away, away, away, is({ role: "doctor" })]);
  await verify();
  clock.now = IDENTITY_SECONDS * 1_000;
  expect((await verify()).role).toBe("nurse");
  expect((await verify()).role).toBe("nurse");
  clock.now = OUTAGE_GRACE_SECONDS * 1_000 - 1;
  expect((await verify()).role).toBe("nurse");
  clock.now = OUTAGE_GRACE_SECONDS * 1_000 + 1_000;
  await expect(verify()).rejects.toBeInstanceOf(StateUnavailable);
  expect((await verify()).role).toBe("doctor");
});

test("while the database is away nobody goes on of whom a change was announced, nor who was never known", async () => {
  const { tokens, verify } = tokensAt({ now: 0 }, [away, is(), away, away]);
  await expect(verify()).rejects.toBeInstanceOf(StateUnavailable);
  await verify();
  tokens.forgetPrincipals();
  await expect(verify()).rejects.toBeInstanceOf(StateUnavailable);
  await expect(verify()).rejects.toBeInstanceOf(StateUnavailable);
});

test("who was known does not wait for a database that hangs", async () => {
  vi.useFakeTimers();
  try {
    const clock = { now: 0 };
    const { verify } = tokensAt(clock, [is(), () => new Promise(() => undefined)]);
    await verify();
    clock.now = IDENTITY_SECONDS * 1_000;
    const borne = verify();
    await vi.advanceTimersByTimeAsync(2_000);
    expect((await borne).role).toBe("nurse");
  } finally {
    vi.useRealTimers();
  }
});

test("another fault than an outage is not borne", async () => {
  const clock = { now: 0 };
  const { verify } = tokensAt(clock, [is(), () => Promise.reject(new Error("a bug"))]);
  await verify();
  clock.now = IDENTITY_SECONDS * 1_000;
  await expect(verify()).rejects.toThrow("a bug");
});

test("a token that has ended is refused without asking anybody", async () => {
  const clock = { now: 0 };
  const { verify } = tokensAt(clock, [is()]);
  await verify();
  clock.now = 600_000;
  await expect(verify()).rejects.toMatchObject({ code: "token-expired" });
});
