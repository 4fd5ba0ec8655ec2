import type { Bundle, ImagingStudy, Patient } from "fhir/r4.js";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ChangingStudies, studyOf } from "../stack/changing-studies.js";
import { FaultyProxy, type Fault } from "../stack/faulty-proxy.js";
import { RunningStack } from "../stack/running-stack.js";

const PATIENTS = 100;
const CHANGES = 1_000;
const LEASE_SECONDS = 3;
/** As installed: who comes back is not kept waiting for it. */
const RESET_SECONDS = 60;
/** What happens on the way, one after the other, while changes are made. */
const WEATHER: readonly Fault[] = [
  "mixed",
  "latency",
  "reset-before",
  "reset-after",
  "error-500",
  "busy-429",
  "slow-body",
  "truncated",
  "half-open",
  "mixed",
];
const WORKERS = ["sidecar-delivery", "sidecar-transcoding-delivery"] as const;

interface Overview {
  readonly destinations: readonly {
    readonly destination: string;
    readonly breaker: string;
    readonly code: string | null;
    readonly pending: number;
    readonly failed: number;
    readonly workers: number;
  }[];
}

let stack: RunningStack;
let proxy: FaultyProxy;
let studies: ChangingStudies;

beforeAll(async () => {
  proxy = await FaultyProxy.start();
  stack = await RunningStack.start({
    sidecarProcesses: [["api"], ["delivery"], ["transcoding", "delivery"]],
    settings: {
      NEURONOVA_FHIR_URL: proxy.url,
      NEURONOVA_FHIR_TIMEOUT_SECONDS: "5",
      NEURONOVA_BREAKER_RESET_SECONDS: String(RESET_SECONDS),
      NEURONOVA_OUTBOX_LEASE_SECONDS: String(LEASE_SECONDS),
      NEURONOVA_AUDIT_FHIR: "off",
      NEURONOVA_LOG_LEVEL: "error",
    },
  });
  proxy.targetPort = stack.local.ports.fhir;
  studies = await ChangingStudies.open(stack.local.databaseUrl);
});

afterAll(async () => {
  await studies.close();
  await stack.stop();
  await proxy.stop();
});

describe("between delivery and the FHIR server", () => {
  test("1,000 changes of 100 patients arrive, whatever the network does and whoever is killed", async () => {
    const killedAt = Math.floor(Math.random() * 150);
    for (let change = 0; change < CHANGES; change += 1) {
      const phase = Math.floor((change * WEATHER.length) / CHANGES);
      proxy.fault = WEATHER[phase] ?? "none";
      await studies.change(change < PATIENTS ? change : Math.floor(Math.random() * PATIENTS));
      // A change now and then, so that every weather meets deliveries under way.
      if (change % 4 === 0) await pause(100);
      // The supervisor gives up on a process that dies five times within 30 seconds.
      if (change % 150 === killedAt) kill(WORKERS[Math.floor(change / 150) % 2]);
    }
    proxy.fault = "none";
    await studies.delivered(30);
    await expectEverythingAsItIs();
    await expectOrderKept();
    for (const worker of WORKERS) expect(stack.local.processes[worker]?.restarts).toBeGreaterThan(0);
  });

  test("during an outage changes are taken and wait, no attempt is counted, and after it all are there within 10 seconds", async () => {
    await workersAlive();
    await proxy.down();
    for (let change = 0; change < CHANGES; change += 1) await studies.change(change % PATIENTS);
    await overviewWith(({ breaker, workers }) => breaker === "open" && workers === 2);
    const [waiting] = (await stack.json<Overview>("/api/outbox")).destinations;
    expect(waiting).toMatchObject({ pending: CHANGES, failed: 0, code: "fhir-unavailable" });
    const ready = await stack.json<{ breakers: Record<string, string> }>("/api/health/ready");
    expect(ready.breakers).toEqual({ fhir: "open" });
    expect(await studies.rows("SELECT MAX(attempts) AS most FROM outbox WHERE state = 'pending'")).toEqual([
      { most: 0 },
    ]);
    await proxy.up();
    const up = performance.now();
    await studies.delivered(10);
    expect((performance.now() - up) / 1_000).toBeLessThan(10);
    await expectEverythingAsItIs();
    await expectOrderKept();
  });

  test("what killed workers had taken is taken over within seconds", async () => {
    await workersAlive();
    proxy.fault = "half-open";
    await studies.change(1);
    const holder = await leaseHolder();
    for (const worker of WORKERS) kill(worker);
    const killed = performance.now();
    proxy.fault = "none";
    // The dead one holds it still: nobody told the database that it is gone.
    expect(await leaseHolder()).toBe(holder);
    await studies.delivered(LEASE_SECONDS + 7);
    expect((performance.now() - killed) / 1_000).toBeLessThan(LEASE_SECONDS + 7);
    await expectEverythingAsItIs();
  });
});

function kill(worker: string | undefined): void {
  stack.local.processes[worker ?? ""]?.kill("SIGKILL");
}

async function workersAlive(): Promise<void> {
  await overviewWith(({ breaker, workers }) => breaker === "closed" && workers >= WORKERS.length);
}

async function overviewWith(as: (found: Overview["destinations"][number]) => boolean): Promise<void> {
  const deadline = Date.now() + 40_000;
  for (;;) {
    const overview = await stack.json<Overview>("/api/outbox");
    if (overview.destinations.some(as)) return;
    if (Date.now() > deadline) throw new Error(`still ${JSON.stringify(overview)}`);
    await pause(100);
  }
}

async function leaseHolder(): Promise<string> {
  const deadline = Date.now() + 10_000;
  for (;;) {
    const [row] = await studies.rows<{ owner: string }>("SELECT owner FROM outbox_lease");
    if (row !== undefined) return row.owner;
    if (Date.now() > deadline) throw new Error("nobody takes the message");
    await pause(20);
  }
}

/** Each resource once, and each of its elements as the database has it. */
async function expectEverythingAsItIs(): Promise<void> {
  const failed = await studies.rows("SELECT id, code, last_error FROM outbox WHERE state = 'failed'");
  expect(failed).toEqual([]);
  const patients = await stack.fhir<Patient>("Patient?_count=1000");
  const written = await stack.fhir<ImagingStudy>("ImagingStudy?_count=1000");
  expect(patients).toHaveLength(PATIENTS);
  expect(written).toHaveLength(PATIENTS);
  for (let number = 0; number < PATIENTS; number += 1) {
    const study = studyOf(number);
    const patient = patients.find(({ identifier }) =>
      identifier?.some(({ value }) => value === study.patientKey),
    );
    expect(patient).toMatchObject({
      birthDate: "1970-01-01",
      gender: "female",
      name: [{ family: "Outbox", given: [`Patient ${number}`] }],
    });
    expect(patient?.identifier?.some(({ value }) => value === study.patientId)).toBe(true);
    const imaging = written.find(({ identifier }) => identifier?.some(({ value }) => value === study.id));
    expect(imaging).toMatchObject({
      description: studies.descriptions.get(study.id),
      started: "2026-01-02",
      numberOfSeries: 0,
      numberOfInstances: 0,
      subject: { reference: `Patient/${patient?.id ?? ""}` },
    });
    expect(imaging?.identifier?.map(({ value }) => value).sort()).toEqual(
      [`urn:oid:${study.uid}`, study.id, study.accession].sort(),
    );
  }
}

/** No version of a study is older than the one before it. */
async function expectOrderKept(): Promise<void> {
  const written = await stack.fhir<ImagingStudy>("ImagingStudy?_count=1000");
  let versions = 0;
  for (const { id } of written) {
    const answer = await fetch(`${stack.local.fhirUrl}/ImagingStudy/${id ?? ""}/_history`);
    const history = ((await answer.json()) as Bundle<ImagingStudy>).entry ?? [];
    // The newest comes first (https://hl7.org/fhir/R4/http.html#history).
    const changes = history
      .map(({ resource }) => Number(resource?.description?.replace("change ", "")))
      .reverse();
    expect(changes).toEqual([...changes].sort((a, b) => a - b));
    versions += changes.length;
  }
  expect(versions).toBeGreaterThan(written.length);
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
