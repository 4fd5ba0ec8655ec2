import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
// @ts-expect-error -- plain JavaScript with JSDoc types, checked by `tsc -p scripts`
import { chooseFreePort as choosePort } from "../../../scripts/local-stack/ports.mjs";
import { copyPrepared } from "../stack/copy-prepared.js";
import { CuttingProxy } from "../stack/cutting-proxy.js";
import type { EventRecorder } from "../stack/event-recorder.js";
import { FaultyProxy } from "../stack/faulty-proxy.js";
import { RunningStack } from "../stack/running-stack.js";
import { Dice, SEED } from "./chaos/dice.js";
import { Hospital } from "./chaos/hospital.js";
import { broken } from "./chaos/invariants.js";
import { SmallDisk } from "./chaos/small-disk.js";
import { SECONDS, storm } from "./chaos/weather.js";

const chooseFreePort = choosePort as () => Promise<number>;
const CONVERGENCE_SECONDS = 240;
/** A study takes a tenth of a megabyte, and comes every two seconds or so. */
const DISK_MEGABYTES = 256 + Math.ceil(SECONDS / 4);
/** More than a minute ahead, so that nothing that compares two clocks gets away with rounding. */
const SKEW_MILLISECONDS = 97_000;
const SKEWED_CLOCK = fileURLToPath(new URL("../stack/skewed-clock.mjs", import.meta.url));

let stack: RunningStack;
let orthanc: CuttingProxy;
let fhir: FaultyProxy;
let disk: SmallDisk;
let events: EventRecorder;

beforeAll(async () => {
  [orthanc, fhir] = await Promise.all([CuttingProxy.start(), FaultyProxy.start()]);
  stack = await RunningStack.start({
    sidecarProcesses: [
      ["api"],
      ["transcoding"],
      ["inference"],
      ["delivery"],
      ["transcoding", "inference", "delivery"],
    ],
    fill: async (directory) => {
      disk = await SmallDisk.mount(join(directory, "data/orthanc"), DISK_MEGABYTES);
      await copyPrepared(directory);
      // Where the stack looks for the ports of an earlier start: processes are ready when they reach the archive.
      orthanc.targetPort = await chooseFreePort();
      await writeFile(join(directory, "ports.json"), JSON.stringify({ orthancHttp: orthanc.targetPort }));
    },
    settings: {
      NEURONOVA_ORTHANC_URL: orthanc.url,
      NEURONOVA_FHIR_URL: fhir.url,
      NEURONOVA_SWEEP_SECONDS: "5",
      NEURONOVA_BREAKER_RESET_SECONDS: "5",
      NEURONOVA_OUTBOX_LEASE_SECONDS: "5",
      NEURONOVA_AUDIT_FHIR: "off",
      NODE_OPTIONS: `--import=${SKEWED_CLOCK}`,
      NODE_SKEWED_ROLES: "delivery",
      NODE_SKEW_MILLISECONDS: String(SKEW_MILLISECONDS),
    },
  });
  fhir.targetPort = stack.local.ports.fhir;
  events = await stack.events();
});

afterAll(async () => {
  events.close();
  await stack.local.stop();
  await disk.unmount();
  await Promise.all([stack.stop(), orthanc.stop(), fhir.stop()]);
});

test(
  "whatever is killed, paused, cut off, full or has another time: nothing is lost, nothing is there twice, nothing is left",
  { timeout: (SECONDS + CONVERGENCE_SECONDS + 120) * 1_000 },
  async () => {
    const until = Date.now() + SECONDS * 1_000;
    const hospital = new Hospital(stack, new Dice(SEED), until);
    const [log] = await Promise.all([
      storm({ stack, orthanc, fhir, disk }, new Dice(SEED + 1), until),
      hospital.open(),
    ]);
    const happened = `seed ${SEED}: ${log.join("; ")}`;
    expect(log.length, happened).toBeGreaterThan(4);
    expect(hospital.sent.length, happened).toBeGreaterThan(2);

    const deadline = Date.now() + CONVERGENCE_SECONDS * 1_000;
    let wrong: string[];
    do {
      await new Promise((resolve) => setTimeout(resolve, 1_000));
      wrong = await broken(stack, hospital.sent, hospital.accepted).catch((error: unknown) => [
        `the state cannot be read: ${String(error)}`,
      ]);
    } while (wrong.length > 0 && Date.now() < deadline);
    expect(wrong, happened).toEqual([]);

    const heard = events.events.map(({ sequence }) => sequence);
    expect(
      heard.every((sequence, index) => index === 0 || sequence > (heard[index - 1] ?? 0)),
      "each event is heard once, in order",
    ).toBe(true);
  },
);
