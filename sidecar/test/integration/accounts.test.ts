import { createHash } from "node:crypto";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { Sequelize } from "sequelize";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { PASSWORD, People, TWO_PROCESSES, until, type SessionTokens } from "../stack/people.js";
import { RunningStack } from "../stack/running-stack.js";

const CLI = fileURLToPath(new URL("../../dist/cli.js", import.meta.url));
let stack: RunningStack;
let people: People;

beforeAll(async () => {
  stack = await RunningStack.start({ sidecarProcesses: TWO_PROCESSES });
  people = new People(stack);
});

afterAll(() => stack.stop());

const me = (token: string) => people.call(token, "GET", "/api/auth/me");

describe("an account", () => {
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

  test("that becomes external reaches nothing until labels are named", async () => {
    const admin = await stack.token();
    const id = await people.create("leaves-the-house", "doctor");
    const change = (body: object) => people.call(admin, "PATCH", `/api/accounts/${id}`, body);
    expect((await change({ role: "external" })).body["labels"]).toEqual([]);
    expect((await change({ labels: ["trial"] })).body["labels"]).toEqual(["trial"]);
    expect((await change({ role: "nurse" })).body["labels"]).toEqual(["trial"]);
  });

  test("of an administrator does not demote or disable itself", async () => {
    const admin = await stack.token();
    const self = await me(admin);
    const id = String(self.body["subject"]).replace("account:", "");
    expect((await people.call(admin, "PATCH", `/api/accounts/${id}`, { disabled: true })).status).toBe(409);
    expect((await people.call(admin, "PATCH", `/api/accounts/${id}`, { role: "nurse" })).status).toBe(409);
  });
});

describe("the command line", () => {
  const run = async (args: readonly string[], input = "") => {
    const { databaseUrl, redisSocket, secrets, orthancUrl, fhirUrl } = stack.local;
    const child = spawn(process.execPath, [CLI, ...args], {
      env: {
        NEURONOVA_ROLES: "delivery",
        NEURONOVA_DATABASE_URL: databaseUrl,
        NEURONOVA_REDIS_URL: `unix://${redisSocket}`,
        NEURONOVA_REDIS_PASSWORD: secrets.redisPassword,
        NEURONOVA_ORTHANC_URL: orthancUrl,
        NEURONOVA_ORTHANC_PASSWORD: secrets.orthancPassword,
        NEURONOVA_FHIR_URL: fhirUrl,
        NEURONOVA_ARRIVAL_SECRET: "not used by this command",
      },
    });
    child.stdin.end(input);
    const [output, problem, [code]] = await Promise.all([
      text(child.stdout),
      text(child.stderr),
      once(child, "exit") as Promise<[number]>,
    ]);
    return { output, problem, code };
  };

  test("puts, lists, disables, enables an account and sets its password", async () => {
    const put = ["account", "put", "--username", "by-command", "--role", "radiologist", "--labels", "cardio"];
    expect(await run(put, "short")).toMatchObject({ code: 64 });
    expect(await run(put, `${PASSWORD}\n`)).toMatchObject({ code: 0 });
    const { accessToken } = await people.logIn("by-command");
    expect((await run(["account", "list"])).output).toContain("by-command\tradiologist\tenabled\tcardio");
    expect(await run(["account", "disable", "--username", "by-command"])).toMatchObject({ code: 0 });
    await until(401, () => me(accessToken), 6);
    expect(await run(["account", "enable", "--username", "by-command"])).toMatchObject({ code: 0 });
    const other = "another password of it";
    expect(await run(["account", "password", "--username", "by-command"], other)).toMatchObject({ code: 0 });
    await people.logIn("by-command", other);
    const unknown = await run(["account", "disable", "--username", "nobody"]);
    expect(unknown).toMatchObject({ code: 64, problem: "There is no such account.\n" });
  });
});

describe("whoever administers accounts", () => {
  test("by an API key of few permissions makes and takes over nobody who may more", async () => {
    const admin = await stack.token();
    const created = await people.call<{ key: string }>(admin, "POST", "/api/api-keys", {
      name: "account provisioning",
      permissions: ["admin-permissions", "view", "download"],
      labels: ["*"],
      validForDays: 1,
    });
    const { key } = created.body;
    const account = (username: string, role: string) => ({ username, role, password: PASSWORD });
    expect((await people.call(key, "POST", "/api/accounts", account("new-admin", "admin"))).status).toBe(403);
    const made = await people.call<{ id: number }>(key, "POST", "/api/accounts", account("made", "external"));
    expect(made.status).toBe(201);
    const path = `/api/accounts/${made.body.id}`;
    expect((await people.call(key, "PATCH", path, { role: "doctor" })).status).toBe(403);
    const self = await me(admin);
    const own = `/api/accounts/${String(self.body["subject"]).replace("account:", "")}`;
    expect((await people.call(key, "PUT", `${own}/password`, { password: PASSWORD })).status).toBe(403);
    expect((await people.call(key, "PATCH", own, { disabled: true })).status).toBe(403);
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

  test("and its successors end when the session does, twelve hours after the login", async () => {
    await people.create("all-day", "nurse");
    const session = await people.logIn("all-day");
    const sequelize = new Sequelize(stack.local.databaseUrl, {
      dialect: "mysql",
      logging: false,
      dialectOptions: { socketPath: new URL(stack.local.databaseUrl).searchParams.get("socketPath") },
    });
    const endOf = async (token: string): Promise<string> => {
      const hash = createHash("sha256").update(token).digest("hex");
      const [rows] = await sequelize.query(
        "SELECT CAST(expires_at AS CHAR) AS end FROM refresh_token WHERE token_hash = ?",
        { replacements: [hash] },
      );
      return (rows as { end: string }[])[0]?.end ?? "none";
    };
    const renewed = await people.call<SessionTokens>(undefined, "POST", "/api/auth/refresh", {
      refreshToken: session.refreshToken,
    });
    expect(await endOf(renewed.body.refreshToken)).toBe(await endOf(session.refreshToken));
    expect(await endOf(renewed.body.refreshToken)).not.toBe("none");
    await sequelize.query(
      "UPDATE refresh_token SET expires_at = UTC_TIMESTAMP(3) WHERE account_id = (SELECT id FROM account WHERE username = 'all-day')",
    );
    await sequelize.close();
    await until(401, () => me(renewed.body.accessToken), 6);
    const { refreshToken } = renewed.body;
    expect((await people.call(undefined, "POST", "/api/auth/refresh", { refreshToken })).status).toBe(401);
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

describe("while the database is away", () => {
  test("who is logged in goes on, nobody new gets in, and all is well when it is back", async () => {
    const token = await people.token("before-the-outage", "nurse");
    // Each of the two processes has to have met them.
    for (let request = 0; request < 4; request += 1) expect((await me(token)).status).toBe(200);
    const login = () =>
      people.call(undefined, "POST", "/api/auth/login", {
        username: "before-the-outage",
        password: PASSWORD,
      });
    const database = stack.local.processes["mariadb"];
    await database?.stop();
    try {
      const longerThanIdentitiesAreKept = Date.now() + 6_500;
      while (Date.now() < longerThanIdentitiesAreKept) {
        expect((await me(token)).status).toBe(200);
        // nginx lets an address ask three hundred times a second.
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
      const refused = await login();
      expect(refused.status).toBe(503);
      // What cannot be decided cannot be recorded either: whichever is noticed first is told.
      expect(refused.body["code"]).toMatch(/^(?:state|audit)-unavailable$/);
    } finally {
      await database?.start();
    }
    await until(200, login, 30);
    expect((await me(token)).status).toBe(200);
  });
});
