import { execFile } from "node:child_process";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { studyInstanceUidOf } from "../../src/emr/worklist-item.js";
import { createDemoStudy } from "../../src/phantom/demo-study.js";
import { EmrClient, coded, radiologyOrder, type EmrAnswer } from "../stack/emr-client.js";
import { People } from "../stack/people.js";
import { RunningStack } from "../stack/running-stack.js";

const run = promisify(execFile);
let stack: RunningStack;
let doctor: EmrClient;

beforeAll(async () => {
  stack = await RunningStack.start({ settings: { NEURONOVA_DEFAULT_ISSUER: "HOSPITAL" } });
  doctor = new EmrClient(stack, await stack.token("doctor"));
  const registered = await stack.orthanc("/modalities/ct1", {
    method: "PUT",
    body: JSON.stringify({ AET: "CT1", Host: "127.0.0.1", Port: 11112, AllowFindWorklist: true }),
  });
  expect(registered.status).toBe(200);
});

afterAll(() => stack.stop());

/** What Orthanc's worklist answers a modality, one text of dcmdump for each item. */
async function worklist(keys: readonly string[], aet = "CT1"): Promise<string[]> {
  const directory = await mkdtemp(join(tmpdir(), "neuronova-worklist-"));
  try {
    await run("findscu", [
      ...["-W", "-X", "-od", directory, "-aet", aet, "-aec", stack.local.dicomAet],
      ...["0008,0005=ISO_IR 192", ...keys].flatMap((key) => ["-k", key]),
      ...["127.0.0.1", String(stack.local.ports.orthancDicom)],
    ]);
    const files = await readdir(directory);
    const dumps = await Promise.all(files.map((file) => run("dcmdump", ["+L", join(directory, file)])));
    return dumps.map(({ stdout }) => stdout);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

const EVERYTHING = [
  "0008,0050",
  "0010,0010",
  "0010,0020",
  "0010,0021",
  "0010,0030",
  "0010,0040",
  "0020,000d",
  "0032,1060",
  "0032,1064[0].0008,0100",
  "0040,1001",
  "0040,1003",
];
const step = (modality: string, date: string, aet: string) => [
  `0040,0100[0].0008,0060=${modality}`,
  `0040,0100[0].0040,0002=${date}`,
  `0040,0100[0].0040,0003`,
  `0040,0100[0].0040,0001=${aet}`,
];

async function until(count: number, keys: readonly string[]): Promise<string[]> {
  const deadline = Date.now() + 20_000;
  for (;;) {
    const found = await worklist(keys);
    if (found.length === count) return found;
    if (Date.now() > deadline) throw new Error(`${found.length} worklist items, not ${count}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

test("a scheduled order is on the modality's worklist, with the Korean name, until it ends", async () => {
  const patient = await doctor.create("patients", {
    identifiers: [{ issuer: "HOSPITAL", value: "W-1" }],
    name: {
      alphabetic: { family: "Kim", given: "Minjun" },
      ideographic: { family: "金", given: "民俊" },
      phonetic: { family: "김", given: "민준" },
    },
    birthDate: "1980-02-29",
    sex: "male",
  });
  const scheduled = {
    scheduledStart: "2025-03-02T08:30:00",
    stationAeTitle: "CT1",
    accessionNumber: "W1-ACC",
    priority: "stat",
  };
  const order = await doctor.create("orders", radiologyOrder(patient.id, scheduled));
  await doctor.create("orders", radiologyOrder(patient.id, { modality: "MR" }));
  const [item = ""] = await until(1, [...EVERYTHING, ...step("CT", "20250302", "CT1")]);
  for (const line of [
    /\(0008,0050\) SH \[W1-ACC\s*\]/,
    /\(0010,0010\) PN \[Kim\^Minjun=金\^民俊=김\^민준\s*\]/,
    /\(0010,0020\) LO \[W-1\s*\]/,
    /\(0010,0021\) LO \[HOSPITAL\s*\]/,
    /\(0010,0030\) DA \[19800229\]/,
    /\(0010,0040\) CS \[M\s*\]/,
    new RegExp(`\\(0020,000d\\) UI \\[${studyInstanceUidOf(order.id)}`),
    /\(0032,1060\) LO \[CT Head W contrast IV\s*\]/,
    /\(0008,0100\) SH \[24727-0\s*\]/,
    /\(0040,0001\) AE \[CT1\s*\]/,
    /\(0040,0002\) DA \[20250302\]/,
    /\(0040,0003\) TM \[083000\]/,
    /\(0040,1003\) SH \[STAT\s*\]/,
  ])
    expect(item).toMatch(line);
  expect(await worklist([...EVERYTHING, ...step("MR", "", "")])).toEqual([]);
  expect(await worklist([...EVERYTHING, ...step("CT", "20250303", "CT1")])).toEqual([]);
  await expect(worklist(EVERYTHING, "UNKNOWN")).resolves.toEqual([]);

  await doctor.patch(`/orders/${order.id}`, 1, { scheduledStart: "2025-03-04T10:00:00" });
  await until(1, [...EVERYTHING, ...step("CT", "20250304", "CT1")]);
  await doctor.patch(`/orders/${order.id}`, 2, { status: "on-hold" });
  await until(0, EVERYTHING);
  await doctor.patch(`/orders/${order.id}`, 3, { status: "active" });
  await until(1, EVERYTHING);
  await doctor.patch(`/orders/${order.id}`, 4, { status: "completed" });
  await until(0, EVERYTHING);
});

test("images made from the worklist, without an issuer, answer the order under the default issuer", async () => {
  const patient = await doctor.create("patients", {
    identifiers: [{ issuer: "HOSPITAL", value: "W-2" }],
    name: { alphabetic: { family: "Lee", given: "Seoyeon" } },
  });
  const order = await doctor.create("orders", {
    ...radiologyOrder(patient.id, { accessionNumber: "W2-ACC" }),
    codes: coded("24727-0"),
  });
  const [file] = createDemoStudy({
    seed: 900,
    slices: 1,
    rows: 16,
    columns: 16,
    lesion: "none",
    accessionNumber: "W2-ACC",
    patient: { name: "Lee^Seoyeon", id: "W-2", birthDate: "19900101", sex: "F" },
  });
  await new People(stack).store(file?.bytes ?? new Uint8Array());
  const deadline = Date.now() + 20_000;
  let shown: EmrAnswer["body"];
  do {
    shown = (await doctor.get(`/orders/${order.id}`)).body;
  } while (shown["imagesReceived"] !== true && Date.now() < deadline);
  expect(shown["studies"]).toMatchObject([{ studyInstanceUid: file?.studyInstanceUid }]);
});
