import { execFile, spawn } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { once } from "node:events";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createDemoStudy } from "../../src/phantom/demo-study.js";
// @ts-expect-error -- plain JavaScript with JSDoc types, checked by `tsc -p scripts`
import { waitUntil as waitUntilUntyped } from "../../../scripts/local-stack/wait-until.mjs";
import { agree } from "../stack/connect-openemr.js";
import { OpenEmrServer } from "../stack/openemr-server.js";
import { RunningStack } from "../stack/running-stack.js";
import { openEmrSettings } from "../stack/stack-with-openemr.js";

const run = promisify(execFile);
const COMMAND = new URL("../../dist/cli.js", import.meta.url).pathname;
const waitUntil = waitUntilUntyped as (
  probe: () => Promise<boolean>,
  options: { deadlineSeconds: number; description: string },
) => Promise<void>;

let openEmr: OpenEmrServer;
let stack: RunningStack;
let settings: Record<string, string>;

beforeAll(async () => {
  openEmr = await OpenEmrServer.start();
  settings = {
    ...openEmrSettings(openEmr.address),
    NEURONOVA_OPENEMR_PULL_SECONDS: "1",
    NEURONOVA_STABLE_AFTER_SECONDS: "1",
    NEURONOVA_BREAKER_RESET_SECONDS: "1",
  };
  stack = await RunningStack.start({ settings });
});
afterAll(async () => {
  await stack.stop();
  await openEmr.stop();
});

/** `neuronova openemr …` as an administrator types it. */
function command(name: string) {
  return spawn(process.execPath, [COMMAND, "openemr", name], {
    env: {
      ...settings,
      PATH: process.env["PATH"] ?? "",
      NEURONOVA_DATABASE_URL: stack.local.databaseUrl,
      NEURONOVA_REDIS_URL: `unix:${stack.local.redisSocket}`,
      NEURONOVA_REDIS_PASSWORD: stack.local.secrets.redisPassword,
      NEURONOVA_ORTHANC_URL: stack.local.orthancUrl,
      NEURONOVA_ORTHANC_PASSWORD: stack.local.secrets.orthancPassword,
      NEURONOVA_FHIR_URL: stack.local.fhirUrl,
      NEURONOVA_ARRIVAL_SECRET: stack.local.secrets.arrivalSecret,
      NEURONOVA_ROLES: "delivery",
    },
  });
}

async function createPatient(mrn: string): Promise<string> {
  const response = await stack.fetch("/api/emr/patients", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({
      status: "active",
      identifiers: [{ issuer: "HOSPITAL", value: mrn }],
      name: { alphabetic: { family: "Hong", given: "Gildong" } },
      birthDate: "1970-01-31",
      sex: "male",
      phone: null,
      email: null,
      address: null,
    }),
  });
  if (response.status !== 201) throw new Error(`${response.status}: ${await response.text()}`);
  return ((await response.json()) as { id: string }).id;
}

const chart = (mrn: string) => openEmr.data.patients.filter(({ pubpid }) => pubpid === mrn);

describe("OpenEMR and the whole stack", () => {
  test("an administrator connects it by the command; before that, changes wait and none is lost", async () => {
    await createPatient("P-1");
    const child = command("connect");
    let shown = "";
    child.stdout.on("data", (piece: Buffer) => (shown += piece.toString()));
    const errors = text(child.stderr);
    await waitUntil(() => Promise.resolve(/^http\S+$/m.test(shown)), {
      deadlineSeconds: 20,
      description: "the address",
    });
    const address = /^http\S+$/m.exec(shown)?.[0] ?? "";
    child.stdin.end(`${await agree(address)}\n`);
    const [status] = (await once(child, "exit")) as [number];
    expect([status, await errors]).toEqual([0, ""]);
    expect(shown).toContain("Connected: OpenEMR answers.");
    await waitUntil(() => Promise.resolve(chart("P-1").length === 1), {
      deadlineSeconds: 30,
      description: "the waiting patient in OpenEMR",
    });
  });

  test("a patient is in OpenEMR soon after being created here, also after an outage, once", async () => {
    openEmr.goAway();
    await createPatient("P-2");
    openEmr.comeBack();
    await waitUntil(() => Promise.resolve(chart("P-2").length > 0), {
      deadlineSeconds: 20,
      description: "P-2",
    });
    expect(chart("P-2")).toHaveLength(1);
  });

  test("a patient is shown with what OpenEMR said last, and how old that is, also while it is away", async () => {
    const id = await createPatient("P-read");
    interface Shown {
      readonly id: string;
      readonly openemr: {
        readonly readAt: string;
        readonly ageSeconds: number;
        readonly stale: boolean;
        readonly away: boolean;
        readonly charts: readonly Record<string, unknown>[];
      } | null;
    }
    const shown = () => stack.json<Shown>(`/api/emr/patients/${id}`);
    const until = (what: string, holds: (copy: Shown["openemr"]) => boolean) =>
      waitUntil(async () => holds((await shown()).openemr), { deadlineSeconds: 20, description: what });
    await until("the copy", (copy) => copy?.charts.length === 1);
    openEmr.data.changePatient(chart("P-read")[0]?.["uuid"] ?? "", { phone_contact: "02-765-4321" });
    await until("the change", (copy) => copy?.charts[0]?.["phone"] === "02-765-4321");
    const { openemr: fresh } = await shown();
    expect(fresh).toMatchObject({
      stale: false,
      away: false,
      charts: [{ birthDate: "1970-01-31", sex: "male", contradicts: [] }],
    });
    expect(
      Math.abs(Date.now() - Date.parse(fresh?.readAt ?? "") - 1_000 * (fresh?.ageSeconds ?? NaN)),
    ).toBeLessThan(2_000);
    openEmr.goAway();
    // Changes that cannot be brought are what the breaker opens for.
    for (let change = 0; change < 5; change += 1) await createPatient(`P-read-${change}`);
    await until("that it is away", (copy) => copy?.away === true);
    await until("a copy some seconds old", (copy) => (copy?.ageSeconds ?? 0) >= 3);
    const { records } = await stack.json<{ records: Shown[] }>("/api/emr/patients?identifier=P-read");
    const [old] = records.filter((record) => record.id === id);
    expect(old?.openemr).toMatchObject({ stale: true, charts: [{ phone: "02-765-4321" }] });
    openEmr.comeBack();
    await until("that it is back", (copy) => copy?.stale === false && copy.ageSeconds < 3);
    const elsewhere = await stack.fetch("/api/emr/patients", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({
        identifiers: [{ issuer: "ELSEWHERE", value: "P-read" }],
        name: { alphabetic: { family: "Other", given: "One" } },
      }),
    });
    const { id: other } = (await elsewhere.json()) as { id: string };
    expect((await stack.json<Shown>(`/api/emr/patients/${other}`)).openemr).toBeNull();
  });

  test("the AI report of their images is in their chart as a PDF", async () => {
    await createPatient("P-3");
    const directory = await mkdtemp(join(tmpdir(), "neuronova-send-"));
    const files = createDemoStudy({
      patient: { id: "P-3", name: "Hong^Gildong", birthDate: "19700131", sex: "M" },
    });
    const sent: Uint8Array[] = [];
    for (const { fileName, bytes } of files) {
      const path = join(directory, fileName.replaceAll("/", "-"));
      await writeFile(path, bytes);
      await run("dcmodify", ["-nb", "-i", "(0010,0021)=HOSPITAL", path]);
      sent.push(await readFile(path));
    }
    await rm(directory, { recursive: true });
    expect((await stack.storeOverWeb(sent)).status).toBe(200);
    await waitUntil(() => Promise.resolve(openEmr.data.documents.length > 0), {
      deadlineSeconds: 90,
      description: "the report in OpenEMR",
    });
    expect(openEmr.data.documents).toHaveLength(1);
    const [document] = openEmr.data.documents;
    expect(document?.pid).toBe(chart("P-3")[0]?.["pid"]);
    expect(document?.bytes.subarray(0, 5).toString()).toBe("%PDF-");
    expect(document?.bytes.includes("/Subtype /Image")).toBe(true);
  });

  test("a chart that says something else of the person is shown to the administrator", async () => {
    openEmr.data.changePatient(chart("P-1")[0]?.["uuid"] ?? "", { sex: "Female" });
    let output = "";
    await waitUntil(
      async () => {
        const child = command("status");
        output = await text(child.stdout);
        return output.includes("contradicts in sex");
      },
      { deadlineSeconds: 30, description: "the contradiction" },
    );
    expect(output).toContain(`chart ${chart("P-1")[0]?.["uuid"] ?? ""} contradicts in sex`);
  });

  test("no token is in a log, and no name", async () => {
    const { stdout } = await run("cat", [join(stack.local.logs, "sidecar.log")], {
      maxBuffer: 64 * 1024 * 1024,
    });
    expect(stdout).not.toMatch(/Gildong|refresh_token|Bearer |client_secret=/);
  });
});
