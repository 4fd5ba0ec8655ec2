import { expect, test } from "vitest";
import { Session, type TurnTaking } from "./session.js";

function sessionOver(answers: (() => Response)[], clock: { now: number }, turns?: TurnTaking) {
  const asked: string[] = [];
  const fetcher = (async (url: string, init?: RequestInit) => {
    const authorization = new Headers(init?.headers).get("Authorization");
    asked.push(authorization === null ? url : `${url} ${authorization}`);
    await Promise.resolve();
    return answers.shift()?.() ?? new Response(null, { status: 500 });
  }) as typeof fetch;
  const alone = <T>(task: () => Promise<T>) => task();
  return { session: new Session(fetcher, () => clock.now, turns ?? alone), asked };
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

test("refusals of one token that come one after the other renew it once; a refusal of the new one renews again", async () => {
  const clock = { now: 0 };
  const { session, asked } = sessionOver([granted("first"), granted("second"), granted("third")], clock);
  await session.login("doctor", "password");
  expect(await session.provider("refused", "first")).toBe("second");
  expect(await session.provider("refused", "first")).toBe("second");
  expect(await session.provider("refused", "second")).toBe("third");
  expect(asked).toEqual(["/api/auth/login", "/api/auth/refresh", "/api/auth/refresh"]);
});

test("without a cookie there is no session, and that is not an error", async () => {
  const { session } = sessionOver([() => Response.json({ code: "no-session" }, { status: 401 })], { now: 0 });
  expect(await session.resume()).toBe(false);
  expect(session.account).toBeUndefined();
});

test("two tabs take turns with the refresh token, which is good for one use", async () => {
  let under = 0;
  let taken = 0;
  let tail: Promise<unknown> = Promise.resolve();
  const turns: TurnTaking = (task) => {
    const turn = tail.then(async () => {
      expect(++under).toBe(1);
      taken += 1;
      const answer = await task();
      under -= 1;
      return answer;
    });
    tail = turn;
    return turn;
  };
  const tabs = [1, 2].map(() => sessionOver([granted("renewed")], { now: 0 }, turns));
  expect(await Promise.all(tabs.map(({ session }) => session.resume()))).toEqual([true, true]);
  expect(taken).toBe(2);
});

test("a share link is exchanged once and then renewed by its own token, not by the cookie", async () => {
  const clock = { now: 0 };
  const shared = (accessToken: string) => () =>
    Response.json({ accessToken, expiresInSeconds: 100, studyInstanceUids: ["1.2"] });
  const { session, asked } = sessionOver([shared("first"), shared("second")], clock);
  expect(await session.openShare("from-the-fragment")).toEqual(["1.2"]);
  expect(session.account).toBeUndefined();
  clock.now = 80_000;
  expect(await session.provider("initial")).toBe("second");
  expect(asked).toEqual(["/api/share-links/exchange", "/api/share-links/renewal Bearer first"]);
});

test("a launched session goes on by its own address, and tells when it is over", async () => {
  const clock = { now: 0 };
  const launched = () =>
    Response.json({ accessToken: "first", expiresInSeconds: 100, displayName: "Dr. Kim", patientId: "P-1" });
  const over = () => Response.json({ code: "launch-over" }, { status: 401 });
  const { session, asked } = sessionOver([launched, over], clock);
  await session.openLaunch("7");
  expect(session.launched).toEqual({ displayName: "Dr. Kim", patientId: "P-1" });
  expect(session.account).toBeUndefined();
  let isOver = false;
  session.onLaunchOver = () => (isOver = true);
  expect(await session.provider("initial")).toBe("first");
  clock.now = 90_000;
  await expect(session.provider("expiring")).rejects.toMatchObject({ code: "launch-over" });
  expect(isOver).toBe(true);
  expect(asked).toEqual(["/api/launches/7/renewal", "/api/launches/7/renewal"]);
});
