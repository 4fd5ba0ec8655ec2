import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { connect } from "../../src/adapters/mysql/connection.js";
import { runCommand } from "../stack/run-program.js";
import { RunningStack } from "../stack/running-stack.js";

const HANGUL = "한글";
let stack: RunningStack;

beforeAll(async () => {
  stack = await RunningStack.start();
});

afterAll(() => stack.stop());

interface Problem {
  readonly code: string;
  readonly detail: string;
}

const SQL_WORDS = /collation|SELECT|utf8mb4/i;

describe("text other than ASCII where identifiers are looked for", () => {
  test("logs nobody in, as any name that nobody has, and as fast", async () => {
    const logIn = async (username: string) => {
      const begun = performance.now();
      const answer = await stack.call<Problem>("POST", "/api/auth/login", { username, password: "x" });
      expect(answer).toMatchObject({ status: 401, body: { code: "invalid-credentials" } });
      return performance.now() - begun;
    };
    const fastest = async (username: string) =>
      Math.min(await logIn(username), await logIn(username), await logIn(username));
    const [unknown, hangul] = [await fastest("nobody"), await fastest("홍")];
    expect(Math.min(unknown, hangul) / Math.max(unknown, hangul)).toBeGreaterThan(0.5);
  });

  test.each([
    ...["patients", "encounters", "conditions", "orders", "observations", "reports"].map((kind) => [
      `/api/emr/${kind}`,
      "status",
    ]),
    ...["encounters", "conditions", "orders", "observations", "reports"].map((kind) => [
      `/api/emr/${kind}`,
      "category",
    ]),
    ["/api/emr/orders", "kind"],
    ["/api/audit", "study"],
  ])("is refused at %s, which names %s", async (path, parameter) => {
    const answer = await stack.call<Problem>("GET", `${path}?${parameter}=${encodeURIComponent(HANGUL)}`);
    expect(answer).toMatchObject({ status: 400, body: { code: "request-malformed" } });
    expect(answer.body.detail).toBe(`${parameter}: has characters other than ASCII`);
  });

  test("finds nobody's accesses; a display name may be such", async () => {
    expect(await stack.call("GET", `/api/audit?user=${encodeURIComponent(HANGUL)}`)).toMatchObject({
      status: 200,
      body: { entries: [] },
    });
  });

  test.each([
    { args: ["account", "enable", "--username", HANGUL], status: 64, says: "no such account" },
    { args: ["audit", "export", "--study", HANGUL], status: 64, says: "study: has characters" },
    { args: ["audit", "export", "--user", HANGUL], status: 0, says: "" },
    { args: ["models", "statistics", HANGUL], status: 64, says: "no such model" },
  ])("in the command $args", async ({ args, status, says }) => {
    const ended = await runCommand(stack, ...args);
    expect(ended).toMatchObject({ status, output: expect.stringContaining(says) as string });
    expect(ended.output).not.toMatch(SQL_WORDS);
  });

  test("is refused without the database's words wherever else it gets to", async () => {
    const sequelize = connect({ url: stack.local.databaseUrl, poolSize: 1 });
    try {
      const asked = sequelize.query("SELECT id FROM account WHERE username = :name", {
        replacements: { name: HANGUL },
      });
      await expect(asked).rejects.toMatchObject({ name: "ApiError", status: 400, code: "request-malformed" });
    } finally {
      await sequelize.close();
    }
  });
});
