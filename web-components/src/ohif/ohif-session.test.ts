import { afterEach, expect, test, vi } from "vitest";
import type { Session } from "../session/session.js";
import { openSession } from "./ohif-session.js";

afterEach(() => vi.useRealTimers());

test("many refused requests of OHIF renew its token once, and one that is refused long after renews it again", async () => {
  vi.useFakeTimers();
  let renewals = 0;
  const session = {
    resume: () => Promise.resolve(true),
    provider: (reason: string) => Promise.resolve(`token ${reason === "refused" ? ++renewals : renewals}`),
  } as unknown as Session;
  let now = 0;
  const { authorization, onHttpError } = await openSession(
    session,
    () => undefined,
    () => now,
  );
  expect(authorization()).toEqual({ Authorization: "Bearer token 0" });
  onHttpError({ status: 401 });
  await vi.advanceTimersByTimeAsync(0);
  // Sent with the former token, refused later.
  now = 3_000;
  onHttpError({ status: 401 });
  onHttpError({ status: 500 });
  await vi.advanceTimersByTimeAsync(0);
  expect([renewals, authorization()]).toEqual([1, { Authorization: "Bearer token 1" }]);
  now = 15_000;
  onHttpError({ status: 401 });
  await vi.advanceTimersByTimeAsync(0);
  expect(renewals).toBe(2);
});
