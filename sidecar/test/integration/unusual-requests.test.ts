import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { connect } from "../../src/adapters/mysql/connection.js";
import { until } from "../stack/emr-client.js";
import { addSource } from "../stack/hook-sender.js";
import { endOf, runCommand, startProgramBeside } from "../stack/run-program.js";
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

test("a change of an account that changes nothing is refused, and ends no session", async () => {
  const version = async () => {
    const [row] = (await stack.sql(
      "SELECT token_version AS version FROM account_access JOIN account ON account.id = account_id WHERE username = 'admin'",
    )) as { version: number }[];
    return row?.version;
  };
  const me = await stack.json<{ subject: string }>("/api/auth/me");
  const before = await version();
  expect(
    await stack.call<Problem>("PATCH", `/api/accounts/${me.subject.replace("account:", "")}`, {}),
  ).toMatchObject({
    status: 400,
    body: { code: "request-malformed", detail: expect.stringContaining("nothing to change") as string },
  });
  expect(await version()).toBe(before);
});

describe("a hook source", () => {
  const details = { name: "short-lived", types: ["model.run"] };

  test("that is removed takes what waits with it; one of its name has nothing of it", async () => {
    const former = await addSource(stack, details);
    await former.send("model.run", { seriesInstanceUid: "1.2.3.4", model: "tumor_detection" }, "run-1");
    await until("that it waits", async () =>
      (await former.status("run-1")).body.code === "series-not-found" ? true : undefined,
    );
    // Not while it is being worked on: then it would end by itself.
    await stack.sql(
      "UPDATE hook_message SET next_attempt_at = TIMESTAMPADD(HOUR, 1, UTC_TIMESTAMP(3)), lease_until = NULL",
    );
    expect((await stack.call("DELETE", "/api/hook-sources/short-lived")).status).toBe(204);
    expect(await stack.sql("SELECT state, code, data FROM hook_message WHERE webhook_id = 'run-1'")).toEqual([
      { state: "failed", code: "hook-source-off", data: null },
    ]);
    const next = await addSource(stack, details);
    expect(await stack.json("/api/hook-sources/short-lived/messages")).toMatchObject({ messages: [] });
    expect((await next.status("run-1")).status).toBe(404);
    const sent = await next.send(
      "model.run",
      { seriesInstanceUid: "1.2.3.5", model: "tumor_detection" },
      "run-1",
    );
    expect(sent).toMatchObject({ status: 202, body: { duplicate: false } });
  });

  test("has API keys in force, and no others", async () => {
    const refused = {
      status: 400,
      body: { code: "request-malformed", detail: "apiKeys: no API key in force: 99999" },
    };
    const source = { name: "keyed", types: ["model.run"], issuer: "HOSPITAL" };
    expect(await stack.call("POST", "/api/hook-sources", { ...source, apiKeys: [99_999] })).toMatchObject(
      refused,
    );
    await addSource(stack, source);
    expect(await stack.call("PATCH", "/api/hook-sources/keyed", { apiKeys: [99_999] })).toMatchObject(
      refused,
    );
  });

  test("has messages of three states, and the command refuses others", async () => {
    await addSource(stack, { name: "listed", types: ["model.run"] });
    const settings = { NEURONOVA_WEBHOOK_KEY: "0123456789abcdef0123456789abcdef" };
    const list = (state: string) =>
      endOf(startProgramBeside(stack, "cli", ["hooks", "messages", "listed", "--state", state], settings));
    expect(await list("failed")).toEqual({ status: 0, output: "" });
    expect(await list("x")).toMatchObject({ status: 64, output: expect.stringContaining("state") as string });
  });
});

test.each([
  ["outbox", "status"],
  ["account", "list"],
  ["hooks", "list"],
])("neuronova %s %s ends with 78 where settings cannot be used", async (...args) => {
  const child = startProgramBeside(stack, "cli", args, { NEURONOVA_FHIR_URL: "none" });
  expect(await endOf(child)).toMatchObject({
    status: 78,
    output: expect.stringContaining("NEURONOVA_FHIR_URL") as string,
  });
});
