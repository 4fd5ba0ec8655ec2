import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { PASSWORD, People, until, type SessionTokens } from "../stack/people.js";
import { RunningStack } from "../stack/running-stack.js";

let stack: RunningStack;
let people: People;

beforeAll(async () => {
  stack = await RunningStack.start();
  people = new People(stack);
});

afterAll(() => stack.stop());

describe("an account", () => {
  const me = (token: string) => people.call(token, "GET", "/api/auth/me");

  test("that is disabled, or whose role changes, is out within five seconds", async () => {
    const admin = await stack.token();
    const id = await people.create("short-lived", "nurse");
    const session = await people.logIn("short-lived");
    expect((await me(session.accessToken)).body["role"]).toBe("nurse");
    expect((await people.call(admin, "PATCH", `/api/accounts/${id}`, { role: "lab" })).status).toBe(200);
    await until(401, () => me(session.accessToken), 5);
    const renewed = await people.call<SessionTokens>(undefined, "POST", "/api/auth/refresh", {
      refreshToken: session.refreshToken,
    });
    expect((await me(renewed.body.accessToken)).body["role"]).toBe("lab");
    expect((await people.call(admin, "PATCH", `/api/accounts/${id}`, { disabled: true })).status).toBe(200);
    await until(401, () => me(renewed.body.accessToken), 5);
    const again = { refreshToken: renewed.body.refreshToken };
    expect((await people.call(undefined, "POST", "/api/auth/refresh", again)).status).toBe(401);
    const login = { username: "short-lived", password: PASSWORD };
    expect((await people.call(undefined, "POST", "/api/auth/login", login)).status).toBe(401);
  });

  test("that logs out has no token left, within five seconds", async () => {
    await people.create("leaving", "nurse");
    const session = await people.logIn("leaving");
    const other = await people.logIn("leaving");
    const { refreshToken } = session;
    expect((await people.call(undefined, "POST", "/api/auth/logout", { refreshToken })).status).toBe(204);
    await until(401, () => me(session.accessToken), 5);
    expect((await people.call(undefined, "POST", "/api/auth/refresh", { refreshToken })).status).toBe(401);
    expect((await me(other.accessToken)).status).toBe(200);
  });

  test("changes its password with the old one, which ends every session", async () => {
    await people.create("changing", "nurse");
    const session = await people.logIn("changing");
    const change = (oldPassword: string, newPassword: string) =>
      people.call(session.accessToken, "POST", "/api/auth/password", { oldPassword, newPassword });
    expect((await change("not the password", "another password")).status).toBe(401);
    expect((await change(PASSWORD, "short")).status).toBe(400);
    expect((await change(PASSWORD, "another password")).status).toBe(204);
    await until(401, () => me(session.accessToken), 5);
    const login = { username: "changing", password: PASSWORD };
    expect((await people.call(undefined, "POST", "/api/auth/login", login)).status).toBe(401);
    await people.logIn("changing", "another password");
  });

  test("is not created twice, nor with a short password, an unknown role or a patient without identity", async () => {
    const admin = await stack.token();
    const create = (body: object) => people.call(admin, "POST", "/api/accounts", body);
    const good = { username: "once", role: "nurse", password: PASSWORD };
    expect((await create({ ...good, password: "eleven char" })).status).toBe(400);
    expect((await create({ ...good, role: "root" })).status).toBe(400);
    expect((await create({ ...good, role: "constructor" })).status).toBe(400);
    expect((await create({ ...good, role: "patient" })).status).toBe(400);
    expect((await create({ ...good, labels: ["*", "cardio"] })).status).toBe(400);
    expect((await create({ ...good, passwordHash: "x" })).status).toBe(400);
    const refused = await create({ ...good, password: "short secret".slice(0, 11) });
    expect(JSON.stringify(refused.body)).not.toContain("short secre");
    expect((await create(good)).status).toBe(201);
    expect((await create(good)).status).toBe(409);
    const list = await people.call<{ accounts: object[] }>(admin, "GET", "/api/accounts");
    expect(JSON.stringify(list.body)).toContain('"once"');
    expect(JSON.stringify(list.body)).not.toMatch(/scrypt|passwordHash/);
  });

  test("of an administrator does not demote or disable itself", async () => {
    const admin = await stack.token();
    const self = await me(admin);
    const id = String(self.body["subject"]).replace("account:", "");
    expect((await people.call(admin, "PATCH", `/api/accounts/${id}`, { disabled: true })).status).toBe(409);
    expect((await people.call(admin, "PATCH", `/api/accounts/${id}`, { role: "nurse" })).status).toBe(409);
  });
});

describe("a refresh token", () => {
  test("used twice at once serves one, and ends the session of both", async () => {
    await people.create("racing", "nurse");
    const { refreshToken } = await people.logIn("racing");
    const refresh = (token: string) =>
      people.call<SessionTokens>(undefined, "POST", "/api/auth/refresh", { refreshToken: token });
    const answers = await Promise.all(Array.from({ length: 8 }, () => refresh(refreshToken)));
    const served = answers.filter(({ status }) => status === 200);
    expect(served).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 401)).toHaveLength(7);
    expect((await refresh(served[0]?.body.refreshToken ?? "")).status).toBe(401);
    await until(401, () => people.call(served[0]?.body.accessToken ?? "", "GET", "/api/auth/me"), 5);
  });

  test("revoked while it is being rotated leaves no session behind", async () => {
    await people.create("leaving-racing", "nurse");
    for (let round = 0; round < 10; round += 1) {
      const { refreshToken } = await people.logIn("leaving-racing");
      const [rotated] = await Promise.all([
        people.call<SessionTokens>(undefined, "POST", "/api/auth/refresh", { refreshToken }),
        people.call(undefined, "POST", "/api/auth/logout", { refreshToken }),
      ]);
      const successor = rotated.body.refreshToken as string | undefined;
      if (successor === undefined) continue;
      expect(
        (await people.call(undefined, "POST", "/api/auth/refresh", { refreshToken: successor })).status,
      ).toBe(401);
    }
  });
});

describe("a login", () => {
  test("of several at once with wrong passwords is locked after five, whatever their order", async () => {
    await people.create("guessed", "nurse");
    const attempt = (password: string) =>
      people.call(undefined, "POST", "/api/auth/login", { username: "guessed", password });
    const wrong = await Promise.all(Array.from({ length: 6 }, () => attempt("a wrong password")));
    expect(wrong.every(({ status }) => status === 401)).toBe(true);
    expect((await attempt(PASSWORD)).status).toBe(401);
  });

  test("takes as long for an unknown name as for a wrong password", async () => {
    await people.create("known", "nurse");
    const millisecondsOf = async (username: string) => {
      const times: number[] = [];
      for (let round = 0; round < 4; round += 1) {
        const begun = performance.now();
        await people.call(undefined, "POST", "/api/auth/login", { username, password: "a wrong password" });
        times.push(performance.now() - begun);
      }
      return Math.min(...times);
    };
    const [known, unknown] = [await millisecondsOf("known"), await millisecondsOf("unknown-name")];
    expect(Math.min(known, unknown) / Math.max(known, unknown)).toBeGreaterThan(0.5);
  });
});
