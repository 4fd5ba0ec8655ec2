import { expect, test } from "vitest";
import { Session } from "./session.js";

function sessionOver(answers: (() => Response)[], clock: { now: number }) {
  const asked: string[] = [];
  const fetcher = (async (url: string) => {
    asked.push(url);
    await Promise.resolve();
    return answers.shift()?.() ?? new Response(null, { status: 500 });
  }) as typeof fetch;
  return { session: new Session(fetcher, () => clock.now), asked };
}
const granted = (accessToken: string) => () =>
  Response.json({
    accessToken,
    expiresInSeconds: 100,
    account: { username: "doctor", displayName: "Doctor", role: "doctor" },
  });

test("a token is renewed at four fifths of its life, once for all who ask", async () => {
  const clock = { now: 0 };
  const { session, asked } = sessionOver([granted("first"), granted("second")], clock);
  await session.login("doctor", "password");
  clock.now = 79_999;
  expect(await session.provider("initial")).toBe("first");
  clock.now = 80_000;
  expect(
    await Promise.all([
      session.provider("initial"),
      session.provider("initial"),
      session.provider("refused"),
    ]),
  ).toEqual(["second", "second", "second"]);
  expect(asked).toEqual(["/api/auth/login", "/api/auth/refresh"]);
});

test("without a cookie there is no session, and that is not an error", async () => {
  const { session } = sessionOver([() => Response.json({ code: "no-session" }, { status: 401 })], { now: 0 });
  expect(await session.resume()).toBe(false);
  expect(session.account).toBeUndefined();
});
