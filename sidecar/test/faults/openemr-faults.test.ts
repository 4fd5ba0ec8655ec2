import { afterAll, beforeAll, expect, test } from "vitest";
import { EmrClient } from "../stack/emr-client.js";
import { FaultyProxy, type Fault } from "../stack/faulty-proxy.js";
import { OpenEmrServer } from "../stack/openemr-server.js";
import type { RunningStack } from "../stack/running-stack.js";
import { startStackWithOpenEmr } from "../stack/stack-with-openemr.js";

const PATIENTS = 60;
const ROUNDS = 5;
/** What happens on the way, one after the other, while patients are made and changed. */
const WEATHER: readonly Fault[] = [
  "reset-after",
  "mixed",
  "error-500",
  "half-open",
  "busy-429",
  "reset-before",
  "truncated",
  "mixed",
];
const WORKERS = ["sidecar-delivery", "sidecar-transcoding-delivery"] as const;

let openEmr: OpenEmrServer;
let proxy: FaultyProxy;
let stack: RunningStack;
let client: EmrClient;
/** By pubpid, the telephone numbers in the order in which OpenEMR was told them. */
const told = new Map<string, number[]>();

beforeAll(async () => {
  openEmr = await OpenEmrServer.start();
  proxy = await FaultyProxy.start();
  proxy.targetPort = Number(new URL(openEmr.address).port);
  stack = await startStackWithOpenEmr(
    openEmr,
    {
      sidecarProcesses: [["api"], ["delivery"], ["transcoding", "delivery"]],
      settings: {
        NEURONOVA_OPENEMR_PULL_SECONDS: "0",
        NEURONOVA_OPENEMR_WAIT_SECONDS: "0.1",
        NEURONOVA_BREAKER_RESET_SECONDS: "60",
        NEURONOVA_OUTBOX_LEASE_SECONDS: "3",
        NEURONOVA_AUDIT_FHIR: "off",
        NEURONOVA_LOG_LEVEL: "error",
      },
    },
    new URL(proxy.url).origin,
  );
  client = new EmrClient(stack, await stack.token());
  const change = openEmr.data.changePatient.bind(openEmr.data);
  openEmr.data.changePatient = (uuid, members) => {
    change(uuid, members);
    remember(openEmr.data.patients.find((row) => row["uuid"] === uuid));
  };
  const add = openEmr.data.addPatient.bind(openEmr.data);
  openEmr.data.addPatient = (row) => {
    const added = add(row);
    remember(added);
    return added;
  };
});

afterAll(async () => {
  await stack.stop();
  await proxy.stop();
  await openEmr.stop();
});

function remember(row: Readonly<Record<string, string>> | undefined): void {
  const { pubpid = "", phone_contact: phone = "" } = row ?? {};
  told.set(pubpid, [...(told.get(pubpid) ?? []), Number(phone.replace("02-", ""))]);
}

test("patients made and changed are in OpenEMR once and as they are, whatever the network does and whoever is killed", async () => {
  const ids: string[] = [];
  const phoneOf = (patient: number, round: number) => `02-${1_000 + round * PATIENTS + patient}`;
  let changes = 0;
  for (let round = 0; round < ROUNDS; round += 1) {
    for (let patient = 0; patient < PATIENTS; patient += 1) {
      proxy.fault = WEATHER[Math.floor((changes * WEATHER.length) / (ROUNDS * PATIENTS))] ?? "none";
      const phone = phoneOf(patient, round);
      if (round === 0) {
        const made = await client.create("patients", {
          identifiers: [{ issuer: "HOSPITAL", value: `F-${patient}` }],
          name: { alphabetic: { family: `Fault${patient}`, given: "Gildong" } },
          birthDate: "1970-01-31",
          sex: "male",
          phone,
        });
        ids.push(made.id);
      } else {
        const changed = await client.patch(`/patients/${ids[patient] ?? ""}`, round, { phone });
        expect(changed.status).toBe(200);
      }
      changes += 1;
      if (changes % 70 === 35)
        stack.local.processes[WORKERS[Math.floor(changes / 70) % 2] ?? ""]?.kill("SIGKILL");
    }
  }
  proxy.fault = "none";
  proxy.dropConnections();
  await settled();
  for (let patient = 0; patient < PATIENTS; patient += 1) {
    const charts = openEmr.data.patients.filter(({ pubpid }) => pubpid === `F-${patient}`);
    expect(charts).toMatchObject([
      {
        fname: "Gildong",
        lname: `Fault${patient}`,
        DOB: "1970-01-31",
        sex: "Male",
        phone_contact: phoneOf(patient, ROUNDS - 1),
      },
    ]);
    const order = told.get(`F-${patient}`) ?? [];
    expect(order).toEqual([...order].sort((one, other) => one - other));
  }
  expect(openEmr.data.patients).toHaveLength(PATIENTS);
  for (const worker of WORKERS) expect(stack.local.processes[worker]?.restarts).toBeGreaterThan(0);
});

/** Nothing waits for OpenEMR any more, and nothing failed. */
async function settled(): Promise<void> {
  const deadline = Date.now() + 60_000;
  for (;;) {
    const { destinations } = await stack.json<{
      destinations: { destination: string; pending: number; failed: number; code: string | null }[];
    }>("/api/outbox");
    const found = destinations.find(({ destination }) => destination === "openemr");
    expect(found?.failed, JSON.stringify(found)).toBe(0);
    if (found?.pending === 0) return;
    if (Date.now() > deadline) throw new Error(`still ${JSON.stringify(found)}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
