import { once } from "node:events";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { WebSocket } from "ws";
import { AuditLog } from "../stack/audit-log.js";
import { People, imageOf } from "../stack/people.js";
import { RunningStack } from "../stack/running-stack.js";
import { attacker, goodHeader, now, ownClaims, ownHeader, hs256, rs256 } from "../tokens/forge.js";

let stack: RunningStack;
let people: People;
let audit: AuditLog;
const hers = imageOf(1, "P-1", "Hers^Patient");

beforeAll(async () => {
  stack = await RunningStack.start();
  people = new People(stack);
  audit = new AuditLog(stack);
  await people.store(hers.bytes);
});

afterAll(async () => {
  await audit.close();
  await stack.stop();
});

/** A socket through nginx that says this first; `since: 0` asks for everything there ever was. */
async function open(first: string | undefined, query = "") {
  const address = `${stack.local.address.replace("http", "ws")}/api/events${query}`;
  const socket = new WebSocket(address, { headers: { "User-Agent": "socket test" } });
  const heard: string[] = [];
  socket.on("message", (data) => heard.push((data as Buffer).toString()));
  const closed = once(socket, "close").then(([code]) => code as number);
  await once(socket, "open");
  if (first !== undefined) socket.send(first);
  return { socket, heard, closed };
}
const hello = (token: string) => JSON.stringify({ type: "authenticate", token, since: 0 });
const heardOfNobody = (heard: readonly string[]) => expect(heard).toEqual([]);

describe("a socket", () => {
  test("that says nothing is closed within seconds, having heard nothing", async () => {
    const { heard, closed } = await open(undefined);
    expect(await closed).toBe(4408);
    heardOfNobody(heard);
  });

  test.each([
    ["no JSON", "hello"],
    ["no token", JSON.stringify({ type: "authenticate", since: 0 })],
    ["an empty token", hello("")],
    ["something else", JSON.stringify({ type: "subscribe", since: 0 })],
  ])("that begins with %s is closed, having heard nothing", async (_name, first) => {
    const { heard, closed } = await open(first);
    expect(await closed).toBe(4400);
    heardOfNobody(heard);
  });

  test.each([
    ["nonsense", () => "nonsense"],
    ["a token that somebody else signed", () => rs256(goodHeader, ownClaims(), attacker.privateKey)],
    ["a token of another key", () => hs256(ownHeader, ownClaims(), "another key of 32 characters or so")],
    [
      "a token that says it needs no signature",
      () => hs256({ ...ownHeader, alg: "none" }, { ...ownClaims(), exp: now() + 60 }, "x"),
    ],
  ])("with %s is closed, having heard nothing, and is on record", async (_name, token) => {
    const { heard, closed } = await open(hello(token()));
    expect(await closed).toBe(4401);
    heardOfNobody(heard);
    expect(await audit.entries({ action: "listen", outcome: "denied" })).not.toEqual([]);
  });

  test("with its token in the address is asked for one all the same", async () => {
    const { closed } = await open("hello", `?token=${await stack.token()}`);
    expect(await closed).toBe(4400);
  });

  test("is closed when its token expires, and not opened again with it", async () => {
    const seconds = 4;
    const minted = await people.call<{ token: string }>(
      await stack.token("doctor"),
      "POST",
      "/api/share-links",
      {
        studyInstanceUids: [hers.studyInstanceUid],
        expiresAt: new Date(Date.now() + seconds * 1_000).toISOString(),
      },
    );
    const exchanged = await people.call<{ accessToken: string }>(
      undefined,
      "POST",
      "/api/share-links/exchange",
      { token: minted.body.token },
    );
    const { accessToken } = exchanged.body;
    const first = await open(hello(accessToken));
    expect(await first.closed).toBe(4401);
    expect(first.heard.length).toBeGreaterThan(0);
    const second = await open(hello(accessToken));
    expect(await second.closed).toBe(4401);
    heardOfNobody(second.heard);
  });

  test("hears no more once its login has ended", async () => {
    await people.create("listening-doctor", "doctor");
    const { accessToken, refreshToken } = await people.logIn("listening-doctor");
    const { heard, closed } = await open(hello(accessToken));
    await expect.poll(() => heard.length, { timeout: 10_000 }).toBeGreaterThan(0);
    const logout = await people.call(undefined, "POST", "/api/auth/logout", { refreshToken });
    expect(logout.status).toBe(204);
    const before = heard.length;
    const next = imageOf(2, "P-2", "Next^Patient");
    await people.store(next.bytes);
    expect(await closed).toBe(4401);
    expect(heard.slice(before).join()).not.toContain(next.studyInstanceUid);
  });
});
