import { execFile } from "node:child_process";
import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createDemoStudy, type DemoFile } from "../../src/phantom/demo-study.js";
import type { EventRecorder } from "../stack/event-recorder.js";
import { RunningStack } from "../stack/running-stack.js";

const SHIPPED = fileURLToPath(new URL("../../models/tumor_detection", import.meta.url));
const CLI = fileURLToPath(new URL("../../dist/cli.js", import.meta.url));
const run = promisify(execFile);

interface Listed {
  readonly models: readonly { readonly name: string; readonly version: string; readonly mode: string }[];
  readonly refused: readonly { readonly folder: string; readonly reason: string }[];
}
interface Result {
  readonly state: string;
  readonly model: { readonly name: string; readonly version: string };
  readonly report?: { readonly seriesInstanceUid: string };
  readonly segments?: readonly { readonly volumeMl: number; readonly longestDiameterMm: number | null }[];
}
interface Details {
  readonly results: readonly Result[];
  readonly shadowResults?: readonly (Result & { readonly mode: string })[];
}

let directory: string;
let stack: RunningStack;
let events: EventRecorder;
let seed = 700;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "neuronova-models-"));
  await cp(SHIPPED, join(directory, "first"), { recursive: true });
  stack = await RunningStack.start({
    sidecarProcesses: [["api", "transcoding", "delivery"], ["inference"]],
    settings: { NEURONOVA_STABLE_AFTER_SECONDS: "0.5", NEURONOVA_MODELS_DIRECTORY: directory },
  });
  events = await stack.events();
});

afterAll(async () => {
  events.close();
  await stack.stop();
  await rm(directory, { recursive: true, force: true });
});

/** Puts a bundle into the folder, with another version. */
async function drop(folder: string, version: string): Promise<void> {
  await cp(SHIPPED, join(directory, folder), { recursive: true });
  const path = join(directory, folder, "manifest.json");
  const manifest = JSON.parse(await readFile(path, "utf8")) as object;
  await writeFile(path, JSON.stringify({ ...manifest, version }));
}

const models = () => stack.json<Listed>("/api/models");
const reload = () => stack.fetch("/api/models/reload", { method: "POST" });
const setMode = (version: string, mode: string, token?: string) =>
  stack.fetch(`/api/models/tumor_detection/${version}`, {
    method: "PUT",
    headers: {
      "Content-Type": "application/json",
      ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }),
    },
    body: JSON.stringify({ mode }),
  });

/** Sends a new study with a lesion and waits until its series is stable and `ended` analyses are told of. */
async function analysed(ended: number): Promise<{ study: string; files: DemoFile[] }> {
  const id = `MODELS-${++seed}`;
  const patient = { name: "Models^Test", id, birthDate: "19700101", sex: "O" as const };
  const lesion = { centreMm: [32, -14, 22], radiusMm: 15 } as const;
  const files = createDemoStudy({ seed, slices: 8, rows: 64, columns: 64, patient, lesion });
  const study = files[0]?.studyInstanceUid ?? "";
  await stack.storeOverDicom(files);
  await events.until("stable series", () => events.of("series.stable", study).length > 0);
  await events.until("analyses", () => events.of("analysis.succeeded", study).length >= ended);
  return { study, files };
}

const details = (study: string) => stack.json<Details>(`/api/studies/${study}`);

async function until<T>(read: () => Promise<T>, holds: (value: T) => boolean): Promise<T> {
  for (let attempt = 0; attempt < 120; attempt++) {
    const value = await read();
    if (holds(value)) return value;
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
  throw new Error("it never came to be");
}

const seriesInOrthanc = (study: string, modality: string) =>
  stack.orthancJson<unknown[]>("/tools/find", {
    method: "POST",
    body: JSON.stringify({ Level: "Series", Query: { StudyInstanceUID: study, Modality: modality } }),
  });

describe("a folder of models", () => {
  test("has its card served, and says what it does not know", async () => {
    const card = await stack.fetch("/api/models/tumor_detection/1.0.0/card");
    expect(card.headers.get("content-type")).toMatch(/^text\/markdown/);
    expect(await card.text()).toMatch(
      /^# tumor_detection 1\.0\.0\n\n\*\*Demonstration, not for clinical use/,
    );
    expect((await stack.fetch("/api/models/tumor_detection/9.9.9/card")).status).toBe(404);
    expect((await setMode("9.9.9", "disabled")).status).toBe(404);
    expect((await setMode("1.0.0", "sometimes")).status).toBe(400);
  });

  test("is read again on demand: a good bundle runs in every process, a broken one is refused with the reason", async () => {
    await drop("second", "2.0.0");
    await drop("third", "3.0.0");
    await writeFile(join(directory, "third", "weights.bin"), "other weights");
    expect((await models()).models).toHaveLength(1);
    const answer = await reload();
    expect(answer.status).toBe(200);
    const listed = (await answer.json()) as Listed;
    expect(listed.models.map(({ version }) => version)).toEqual(["1.0.0", "2.0.0"]);
    expect(listed.refused).toEqual([
      { folder: "third", reason: expect.stringMatching(/weights\.bin .*SHA-256/) as string },
    ]);
    // Both versions look at the same series, in the other process.
    const { study } = await analysed(2);
    const { results } = await details(study);
    expect(results.map(({ model, state }) => [model.version, state]).sort()).toEqual([
      ["1.0.0", "succeeded"],
      ["2.0.0", "succeeded"],
    ]);
    expect(new Set(results.map(({ report }) => report?.seriesInstanceUid)).size).toBe(2);
    expect(await seriesInOrthanc(study, "SR")).toHaveLength(2);
  });
});

describe("a model", () => {
  test("that is disabled does not run; it is for administrators to say so, and on record", async () => {
    expect((await setMode("2.0.0", "disabled", await stack.token("doctor"))).status).toBe(403);
    expect((await setMode("2.0.0", "disabled")).status).toBe(200);
    expect((await models()).models.map(({ mode }) => mode)).toEqual(["enabled", "disabled"]);
    const { study } = await analysed(1);
    const { results } = await details(study);
    expect(results.map(({ model }) => model.version)).toEqual(["1.0.0"]);
    const audit = await stack.json<{ entries: { action: string; target: string; outcome: string }[] }>(
      "/api/audit?action=work-change",
    );
    const about = audit.entries.filter(({ target }) => target === "model:tumor_detection:2.0.0");
    expect(about.map(({ outcome }) => outcome)).toEqual(["granted", "denied"]);
  });

  test("in shadow mode runs, and leaves its figures for administrators and nothing anywhere else", async () => {
    expect((await setMode("2.0.0", "shadow")).status).toBe(200);
    const { study } = await analysed(1);
    const shown = await until(
      () => details(study),
      ({ shadowResults }) => shadowResults?.[0]?.state === "succeeded",
    );
    expect(shown.results.map(({ model }) => model.version)).toEqual(["1.0.0"]);
    const [shadow] = shown.shadowResults ?? [];
    expect(shadow).toMatchObject({ mode: "shadow", model: { version: "2.0.0" } });
    expect(shadow?.segments?.[0]?.volumeMl).toBe(shown.results[0]?.segments?.[0]?.volumeMl);
    expect(shadow?.segments?.[0]?.longestDiameterMm).toBeGreaterThan(15);
    expect(shadow).not.toHaveProperty("report");
    expect(await seriesInOrthanc(study, "SEG")).toHaveLength(1);
    expect(await seriesInOrthanc(study, "SR")).toHaveLength(1);
    // Whoever treats the patient hears nothing of it.
    const asDoctor = await stack.fetch(`/api/studies/${study}`, {
      headers: { Authorization: `Bearer ${await stack.token("doctor")}` },
    });
    expect(await asDoctor.json()).not.toHaveProperty("shadowResults");
    const versions = events.events
      .filter(({ event, studyInstanceUid }) => event.startsWith("analysis.") && studyInstanceUid === study)
      .map(({ data }) => data["version"]);
    expect(new Set(versions)).toEqual(new Set(["1.0.0"]));
    const jobs = await stack.json<{ jobs: { model: { version: string } }[] }>(
      `/api/ai/jobs?studyInstanceUid=${study}`,
    );
    expect(jobs.jobs).toHaveLength(1);
    await events.until("FHIR", () => events.of("study.synchronised", study).length > 0);
    const reports = await until(
      () => stack.fhir<{ id: string }>("DiagnosticReport?_count=200"),
      (found) => found.length > 0,
    );
    expect(JSON.stringify(reports)).not.toContain("tumor_detection 2.0.0");
  });

  test("may be listed and switched by command, which every process hears of", async () => {
    await neuronova("set-mode", "tumor_detection", "2.0.0", "enabled");
    await until(models, (listed) => listed.models.every(({ mode }) => mode === "enabled"));
    const refused = await neuronova("list").catch(
      (error: unknown) => error as { code: number; stdout: string },
    );
    expect(refused).toMatchObject({ code: 1 });
    expect(refused.stdout).toMatch(/^tumor_detection 2\.0\.0 {2}enabled/m);
    expect(refused.stdout).toMatch(/^third {2}refused: .*SHA-256/m);
    await rm(join(directory, "third"), { recursive: true });
    expect((await neuronova("reload")).stdout).not.toMatch(/refused/);
    await until(models, ({ refused: left }) => left.length === 0);
  });
});

function neuronova(...args: string[]): Promise<{ stdout: string }> {
  const env = {
    PATH: process.env["PATH"] ?? "",
    NEURONOVA_DATABASE_URL: stack.local.databaseUrl,
    NEURONOVA_REDIS_URL: `unix://${stack.local.redisSocket}`,
    NEURONOVA_REDIS_PASSWORD: stack.local.secrets.redisPassword,
    NEURONOVA_ORTHANC_URL: stack.local.orthancUrl,
    NEURONOVA_ORTHANC_PASSWORD: stack.local.secrets.orthancPassword,
    NEURONOVA_FHIR_URL: stack.local.fhirUrl,
    NEURONOVA_ARRIVAL_SECRET: stack.local.secrets.arrivalSecret,
    NEURONOVA_MODELS_DIRECTORY: directory,
    NEURONOVA_ROLES: "delivery",
  };
  return run(process.execPath, [CLI, "models", ...args], { env });
}
