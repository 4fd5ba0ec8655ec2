import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { ImagingStudy } from "fhir/r4.js";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { ChangingStudies } from "../stack/changing-studies.js";
import { FaultyProxy } from "../stack/faulty-proxy.js";
import { EmrClient } from "../stack/emr-client.js";
import { People } from "../stack/people.js";
import { RunningStack } from "../stack/running-stack.js";

const run = promisify(execFile);
const CLI = fileURLToPath(new URL("../../dist/cli.js", import.meta.url));

interface Letter {
  readonly id: number;
  readonly kind: string;
  readonly subject: string;
  readonly state: string;
  readonly code: string;
  readonly outcome?: string;
  readonly dropReason: string | null;
}

let stack: RunningStack;
let proxy: FaultyProxy;
let studies: ChangingStudies;
let people: People;
let admin: string;

beforeAll(async () => {
  proxy = await FaultyProxy.start();
  stack = await RunningStack.start({
    settings: {
      NEURONOVA_FHIR_URL: proxy.url,
      NEURONOVA_BREAKER_RESET_SECONDS: "3",
      NEURONOVA_AUDIT_FHIR: "off",
      NEURONOVA_LOG_LEVEL: "warn",
    },
  });
  proxy.targetPort = stack.local.ports.fhir;
  studies = await ChangingStudies.open(stack.local.databaseUrl);
  people = new People(stack);
  admin = await stack.token();
});

afterAll(async () => {
  await studies.close();
  await stack.stop();
  await proxy.stop();
});

beforeEach(() => {
  proxy.refuses = (body) => (body.includes("poison") ? 422 : undefined);
});

afterEach(async () => {
  proxy.refuses = undefined;
  await people.call(admin, "POST", "/api/outbox/replay", {});
  await studies.delivered(20);
});

const failed = async () =>
  (await people.call<{ messages: Letter[] }>(admin, "GET", "/api/outbox/messages")).body.messages;

describe("a message the FHIR server refuses", () => {
  test("fails with the server's OperationOutcome, and blocks neither others nor its own patient", async () => {
    const bad = await studies.change(1, "poison");
    const good = await studies.change(2);
    await studies.delivered(20);
    const [letter] = await failed();
    expect(letter).toMatchObject({ kind: "study", subject: bad, state: "failed", code: "fhir-refused" });
    expect(letter).not.toHaveProperty("outcome");
    const opened = await people.call<Letter>(admin, "GET", `/api/outbox/messages/${letter?.id ?? 0}`);
    expect(JSON.parse(opened.body.outcome ?? "")).toMatchObject({ resourceType: "OperationOutcome" });
    expect((await studies.rows("SELECT state FROM outbox WHERE subject = ?", [good]))[0]).toEqual({
      state: "delivered",
    });
    const overview = await people.call(admin, "GET", "/api/outbox");
    expect(overview.body).toMatchObject({
      destinations: [{ destination: "fhir", breaker: "closed", failed: 1 }],
      failed: [{ destination: "fhir", kind: "study", code: "fhir-refused", count: 1 }],
    });
  });

  test("is superseded when the record is corrected", async () => {
    const bad = await studies.change(3, "poison");
    await studies.delivered(20);
    expect((await failed()).map(({ subject }) => subject)).toEqual([bad]);
    await studies.change(3, "corrected");
    await studies.delivered(20);
    expect(await failed()).toEqual([]);
    expect(await studies.rows("SELECT state FROM outbox WHERE subject = ? ORDER BY id", [bad])).toEqual([
      { state: "superseded" },
      { state: "delivered" },
    ]);
  });

  test("is replayed, one or all that match, and delivered as its row is now", async () => {
    await studies.change(4, "poison 4");
    await studies.change(5, "poison 5");
    await studies.change(6, "poison 6");
    await studies.delivered(20);
    const letters = await failed();
    expect(letters).toHaveLength(3);
    proxy.refuses = undefined;
    const one = await people.call(admin, "POST", `/api/outbox/messages/${letters[0]?.id ?? 0}/replay`, {});
    expect([one.status, one.body]).toEqual([202, { replayed: 1 }]);
    const none = await people.call(admin, "POST", "/api/outbox/replay", { code: "fhir-forbidden" });
    expect(none.body).toEqual({ replayed: 0 });
    const rest = await people.call(admin, "POST", "/api/outbox/replay", {
      kind: "study",
      code: "fhir-refused",
    });
    expect(rest.body).toEqual({ replayed: 2 });
    await studies.delivered(20);
    const written = await stack.fhir<ImagingStudy>("ImagingStudy?_count=1000");
    for (const description of ["poison 4", "poison 5", "poison 6"])
      expect(written.filter((study) => study.description === description)).toHaveLength(1);
    expect(await failed()).toEqual([]);
  });

  test("is dropped with a reason, which is kept", async () => {
    await studies.change(7, "poison");
    await studies.delivered(20);
    const id = (await failed())[0]?.id ?? 0;
    const path = `/api/outbox/messages/${id}`;
    const without = await people.call(admin, "POST", `${path}/drop`, {});
    expect([without.status, without.body["code"]]).toEqual([400, "request-malformed"]);
    const drop = await people.call(admin, "POST", `${path}/drop`, { reason: "a test study" });
    expect([drop.status, drop.body]).toEqual([200, { dropped: 1 }]);
    expect((await people.call<Letter>(admin, "GET", path)).body).toMatchObject({
      state: "dropped",
      dropReason: "a test study",
    });
    for (const action of ["drop", "replay"])
      expect((await people.call(admin, "POST", `${path}/${action}`, { reason: "again" })).body["code"]).toBe(
        "no-such-message",
      );
  });

  test("is listed, shown, replayed and dropped by command, with counts", async () => {
    await studies.change(8, "poison 8");
    await studies.change(9, "poison 9");
    await studies.delivered(20);
    expect(await outbox("status")).toMatchObject({
      status: 1,
      output: expect.stringContaining("2 failed") as string,
    });
    const listed = await outbox("list", "--kind", "study");
    const [first = "", second = ""] = listed.output.split("\n").map((line) => line.split("\t")[0]);
    expect(listed.output.trim().split("\n")).toHaveLength(2);
    expect((await outbox("show", first)).output).toContain("OperationOutcome");
    expect(await outbox("drop", first, "--reason", "not needed")).toMatchObject({ output: "1 dropped\n" });
    expect((await outbox("replay")).status).toBe(64);
    proxy.refuses = undefined;
    expect(await outbox("replay", second)).toMatchObject({ output: "1 replayed\n" });
    await studies.delivered(20);
    expect(await outbox("status")).toMatchObject({ status: 0 });
    const audited = await studies.rows<{ target: string }>(
      "SELECT target FROM audit_record WHERE action = 'work-change' AND kind = 'command' AND outcome = 'granted' ORDER BY id",
    );
    // The one that was asked for wrongly, too: it is recorded before it is looked at.
    const asked = ["command:drop", "command:replay", "command:replay"];
    expect(audited.map(({ target }) => target)).toEqual(asked);
  });
});

test("a study says since when it waits, that it failed and why, and when it was synchronised", async () => {
  const state = async () => {
    const { body } = await people.call<{ studies: { studyDescription: string; fhir: object }[] }>(
      admin,
      "GET",
      "/api/studies?query=OUTBOX-20",
    );
    return body.studies[0]?.fhir;
  };
  proxy.fault = "half-open";
  await studies.change(20, "first");
  expect(await state()).toMatchObject({
    state: "waiting",
    since: expect.stringMatching(/^20\d\d-/) as string,
  });
  proxy.fault = "none";
  proxy.dropConnections();
  await studies.delivered(20);
  expect(await state()).toMatchObject({
    state: "synchronised",
    at: expect.stringMatching(/^20\d\d-/) as string,
  });
  await studies.change(20, "poison");
  await studies.delivered(20);
  expect(await state()).toMatchObject({
    state: "failed",
    reason: expect.stringContaining("fhir-refused") as string,
  });
});

test("a record of the EMR says for each destination how far it is", async () => {
  const doctor = new EmrClient(stack, await people.token("outbox-doctor", "doctor", { labels: ["*"] }));
  const { id } = await doctor.patient({ birthDate: "1980-02-29" });
  // Far away, so that delivery leaves it as it is here.
  const become = (state: string) =>
    studies.rows(
      "UPDATE outbox SET state = ?, code = 'fhir-refused', next_attempt_at = '2100-01-01' WHERE subject = ?",
      [state, id],
    );
  await studies.ended(id, 20);
  await become("pending");
  const waiting = [
    { destination: "fhir", state: "waiting", waitingSince: expect.stringMatching(/^20\d\d-/) as string },
  ];
  expect((await doctor.get(`/patients/${id}`)).body).toMatchObject({ id, synchronisation: waiting });
  expect((await doctor.get("/patients")).body["records"]).toMatchObject([{ id, synchronisation: waiting }]);
  await become("failed");
  expect((await doctor.get(`/patients/${id}`)).body["synchronisation"]).toMatchObject([
    { destination: "fhir", state: "failed", code: "fhir-refused" },
  ]);
  await become("dropped");
});

test("metrics tell what waits, for how long, how late messages were, and how the breaker is", async () => {
  await studies.change(30);
  await studies.delivered(20);
  const port = stack.local.ports.sidecar[0] ?? 0;
  const metrics = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
  expect(metrics).toMatch(/neuronova_outbox_lag_seconds_count\{destination="fhir"\} [1-9]/);
  expect(metrics).toContain('neuronova_outbox_breaker{destination="fhir",state="closed"} 1');
  expect(metrics).toContain("# TYPE neuronova_outbox_oldest_seconds gauge");
});

test("credentials that are not taken: nothing fails, everything waits, the breaker says why", async () => {
  proxy.refuses = () => 401;
  await studies.change(40);
  const events = Date.now() + 20_000;
  let found: unknown;
  do {
    found = (await people.call(admin, "GET", "/api/outbox")).body["destinations"];
    await new Promise((resolve) => setTimeout(resolve, 50));
  } while (!JSON.stringify(found).includes("fhir-unauthorized") && Date.now() < events);
  expect(found).toMatchObject([{ breaker: "open", code: "fhir-unauthorized", pending: 1, failed: 0 }]);
});

async function outbox(...args: string[]): Promise<{ status: number; output: string }> {
  const env = {
    PATH: process.env["PATH"] ?? "",
    NEURONOVA_DATABASE_URL: stack.local.databaseUrl,
    NEURONOVA_REDIS_URL: `unix://${stack.local.redisSocket}`,
    NEURONOVA_REDIS_PASSWORD: stack.local.secrets.redisPassword,
    NEURONOVA_ORTHANC_URL: stack.local.orthancUrl,
    NEURONOVA_ORTHANC_PASSWORD: stack.local.secrets.orthancPassword,
    NEURONOVA_FHIR_URL: proxy.url,
    NEURONOVA_ARRIVAL_SECRET: stack.local.secrets.arrivalSecret,
    NEURONOVA_ROLES: "delivery",
  };
  return run(process.execPath, [CLI, "outbox", ...args], { env }).then(
    ({ stdout }) => ({ status: 0, output: stdout }),
    (error: unknown) => {
      const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
      return { status: code, output: stdout + stderr };
    },
  );
}
