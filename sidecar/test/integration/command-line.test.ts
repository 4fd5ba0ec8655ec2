import { afterAll, beforeAll, expect, test } from "vitest";
import { createDemoStudy } from "../../src/phantom/demo-study.js";
import { endOf, runCommand, startProgramBeside } from "../stack/run-program.js";
import { RunningStack } from "../stack/running-stack.js";

interface Finding {
  readonly check: string;
  readonly state: "ok" | "warning" | "failed";
  readonly finding: string;
  readonly todo?: string;
}

let stack: RunningStack;
let study: string;
let series: string;

beforeAll(async () => {
  stack = await RunningStack.start({ settings: { NEURONOVA_STABLE_AFTER_SECONDS: "0.5" } });
  const files = createDemoStudy({ seed: 881, slices: 12 });
  [{ studyInstanceUid: study, seriesInstanceUid: series }] = files as [(typeof files)[0]];
  const events = await stack.events();
  await stack.storeOverWeb(files.map(({ bytes }) => bytes));
  await events.until("the study's results", () => events.of("analysis.succeeded").length > 0);
  events.close();
});

afterAll(() => stack.stop());

async function json<T>(...args: string[]): Promise<T> {
  const { status, output } = await runCommand(stack, ...args, "--json");
  expect(status, output).toBe(0);
  return JSON.parse(output) as T;
}

async function doctor(settings: Record<string, string> = {}) {
  const { status, output } = await endOf(startProgramBeside(stack, "cli", ["doctor", "--json"], settings));
  const findings = JSON.parse(output) as Finding[];
  const of = (check: string) => findings.filter((finding) => finding.check === check);
  return { status, findings, of };
}

test("the doctor finds a healthy installation well, and changes nothing", async () => {
  const { status, findings, of } = await doctor();
  expect(findings.filter(({ state }) => state === "failed")).toEqual([]);
  expect(status).toBe(0);
  for (const check of ["database", "migrations", "redis", "orthanc", "fhir", "openemr", "outbox"])
    expect(of(check)[0], check).toMatchObject({ state: "ok" });
  expect(of("clock").map(({ state }) => state)).toEqual(["ok", "ok"]);
  expect(of("disk").length).toBeGreaterThan(0);
  // The key is not among the settings of this command.
  expect(of("configuration")).toContainEqual(
    expect.objectContaining({
      state: "warning",
      finding: expect.stringContaining("NEURONOVA_WEBHOOK_KEY") as string,
    }),
  );
  const { output } = await runCommand(stack, "doctor");
  expect(output).toMatch(/^ok {7}database: answers, /m);
  expect(output).toMatch(/^warning {2}configuration: NEURONOVA_WEBHOOK_KEY .*\n +→ Set it/m);
});

test("the doctor says what does not answer, and what to do about it, without a password", async () => {
  const { status, of, findings } = await doctor({
    NEURONOVA_ORTHANC_URL: "http://127.0.0.1:9",
    NEURONOVA_FHIR_URL: "http://127.0.0.1:9/fhir",
    NEURONOVA_UPLOAD_DIRECTORY: "/no/such/directory",
  });
  expect(status).toBe(1);
  expect(of("orthanc")).toMatchObject([
    { state: "failed", todo: expect.stringContaining("NEURONOVA_ORTHANC_URL") as string },
  ]);
  expect(of("fhir")).toMatchObject([{ state: "warning" }]);
  expect(of("disk")).toContainEqual(
    expect.objectContaining({ state: "failed", finding: "does not answer (ENOENT)" }),
  );
  expect(of("database")).toMatchObject([{ state: "ok" }]);
  expect(JSON.stringify(findings)).not.toContain(stack.local.secrets.orthancPassword);
  const refused = await doctor({ NEURONOVA_ORTHANC_PASSWORD: "wrong" });
  expect(refused.of("orthanc")).toMatchObject([{ state: "failed" }]);
});

test("the doctor tells a migration that was not run from one that a newer program ran", async () => {
  await stack.sql("INSERT INTO migration (name) VALUES ('9999-of-a-newer-one')");
  try {
    expect((await doctor()).of("migrations")).toMatchObject([
      { state: "failed", finding: expect.stringContaining("9999-of-a-newer-one") as string },
    ]);
  } finally {
    await stack.sql("DELETE FROM migration WHERE name = '9999-of-a-newer-one'");
  }
  await stack.sql("UPDATE migration SET name = 'away' WHERE name = '0019-inbound-hooks'");
  try {
    expect((await doctor()).of("migrations")[0]?.state).toBe("failed");
    await stack.sql("DELETE FROM migration WHERE name = 'away'");
    expect((await doctor()).of("migrations")).toMatchObject([
      { state: "warning", finding: "not run yet: 0019-inbound-hooks" },
    ]);
  } finally {
    await stack.sql("DELETE FROM migration WHERE name = 'away'");
    await stack.sql("INSERT IGNORE INTO migration (name, bears_older) VALUES ('0019-inbound-hooks', 1)");
  }
});

test("config check names every setting that cannot be used, and ends with 78", async () => {
  expect(await json<Finding[]>("config", "check")).toEqual([
    { check: "configuration", state: "ok", finding: "every setting can be used" },
  ]);
  const wrong = { NEURONOVA_FHIR_URL: "none", NEURONOVA_LISTEN_PORT: "many" };
  const child = startProgramBeside(stack, "cli", ["config", "check"], wrong);
  const { status, output } = await endOf(child);
  expect(status).toBe(78);
  expect(output).toMatch(/FAILED {3}configuration: NEURONOVA_FHIR_URL/);
  expect(output).toMatch(/FAILED {3}configuration: NEURONOVA_LISTEN_PORT/);
});

test("API keys are made, listed without the key, and revoked", async () => {
  const made = await runCommand(
    stack,
    "keys",
    "create",
    "--name",
    "ris",
    "--permissions",
    "view",
    "--days",
    "1",
  );
  const { id, key } = JSON.parse(made.output) as { id: number; key: string };
  const ask = () =>
    fetch(`${stack.local.address}/api/studies`, { headers: { Authorization: `Bearer ${key}` } });
  expect((await ask()).status).toBe(200);
  const listed = await json<{ id: number; createdBy: string }[]>("keys", "list");
  expect(listed).toContainEqual(expect.objectContaining({ id, name: "ris" }));
  expect(listed[0]?.createdBy).toMatch(/^command:/);
  expect(JSON.stringify(listed)).not.toContain(key.slice(4, 20));
  expect((await runCommand(stack, "keys", "revoke", String(id))).status).toBe(0);
  await expect.poll(async () => (await ask()).status).toBe(401);
  expect((await runCommand(stack, "keys", "revoke", String(id))).status).toBe(64);
});

test("share links and clients are listed, and links end when they are revoked", async () => {
  const minted = await stack.fetch("/api/share-links", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({
      studyInstanceUids: [study],
      expiresAt: new Date(Date.now() + 3_600_000),
    }),
  });
  const { token } = (await minted.json()) as { token: string };
  const [link] = await json<{ id: number; studyInstanceUids: string[] }[]>("links", "list");
  expect(link?.studyInstanceUids).toEqual([study]);
  expect((await runCommand(stack, "links", "revoke", String(link?.id))).status).toBe(0);
  const exchanged = await fetch(`${stack.local.address}/api/share-links/exchange`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ token }),
  });
  expect(exchanged.status).toBe(401);
  expect(await json("clients", "list")).toEqual([]);
  expect((await runCommand(stack, "clients", "revoke", "none")).status).toBe(64);
});

test("models' work is listed and asked for, by the name of who typed", async () => {
  const jobs = await json<{ id: number; state: string }[]>("ai", "list", "--study", study);
  expect(jobs).toMatchObject([{ state: "succeeded", seriesInstanceUid: series }]);
  const asked = await json<{ id: number }[]>("ai", "run", "--model", "tumor_detection", "--series", series);
  expect(asked.map(({ id }) => id)).toEqual(jobs.map(({ id }) => id));
  expect((await runCommand(stack, "ai", "run", "--model", "none", "--study", study)).status).toBe(64);
  expect((await runCommand(stack, "ai", "run", "--model", "tumor_detection")).status).toBe(64);
});

test("what lists takes --json", async () => {
  expect(await json<object[]>("account", "list")).toContainEqual(
    expect.objectContaining({ username: "admin", role: "admin" }),
  );
  expect(await json<{ models: object[] }>("models", "list")).toMatchObject({ refused: [] });
  expect(await json("outbox", "list")).toEqual([]);
});

test("what tells a state takes --json", async () => {
  const figures = await json<{ state: string; count: number; renditionBytes: number }[]>("htj2k", "status");
  const rendered = figures.filter(({ state }) => state === "rendered");
  expect(rendered.reduce((sum, { count }) => sum + count, 0)).toBe(12);
  expect(rendered.every(({ renditionBytes }) => renditionBytes > 0)).toBe(true);
  const { destinations, failed } = await json<{ destinations: object[]; failed: object[] }>(
    "outbox",
    "status",
  );
  expect(destinations).toContainEqual(expect.objectContaining({ destination: "fhir", breaker: "closed" }));
  expect(failed).toEqual([]);
});

test("--help shows the command's lines, and does nothing", async () => {
  const { status, output } = await runCommand(stack, "htj2k", "backfill", "--help");
  expect(status).toBe(0);
  expect(output).toMatch(/^neuronova htj2k backfill /);
  expect((await runCommand(stack, "none", "--help")).status).toBe(64);
});
