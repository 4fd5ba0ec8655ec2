import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { createDemoStudy, type DemoFile } from "../../src/phantom/demo-study.js";
import { backUp, restoredStack } from "../stack/backups.js";
import { RunningStack } from "../stack/running-stack.js";

const settings = { NEURONOVA_STABLE_AFTER_SECONDS: "0.5" };
/** Of one patient each, small: many arrive while a backup is made. */
const STUDIES = Array.from({ length: 60 }, (_, at) => {
  const patient = { name: "Backup^Test", id: `BACKUP-${at}`, birthDate: "19700101", sex: "O" as const };
  return createDemoStudy({ seed: 7_300 + at, slices: 6, rows: 32, columns: 32, patient });
});
const uidsOf = (files: readonly DemoFile[]) => files.map(({ sopInstanceUid }) => sopInstanceUid);

let place: string;
let backup: string;
let secrets: string;
/** Acknowledged to the modality before the backup began, and at all. */
let before: readonly string[];
let sent: number;

beforeAll(async () => {
  place = await mkdtemp(join(tmpdir(), "neuronova-backup-"));
  [backup, secrets] = [join(place, "backup"), join(place, "secrets")];
  const stack = await RunningStack.start({ settings });
  try {
    const backedUp = new AbortController();
    sent = 0;
    const sending = (async () => {
      while (!backedUp.signal.aborted && sent < STUDIES.length) {
        await stack.storeOverDicom(STUDIES[sent] ?? []);
        sent += 1;
      }
    })();
    await vi.waitUntil(() => sent >= 5, { timeout: 60_000 });
    before = STUDIES.slice(0, sent).flatMap(uidsOf);
    const ended = await backUp(stack, backup);
    backedUp.abort();
    await sending;
    expect(ended, ended.output).toMatchObject({ status: 0 });
    await cp(join(stack.directory, "secrets"), secrets, { recursive: true });
  } finally {
    await stack.stop();
  }
}, 300_000);

afterAll(() => rm(place, { recursive: true, force: true }));

test("a backup that is made while images arrive has all that were acknowledged before, and nothing by half", async () => {
  // It was made in the middle of them.
  expect(sent * 6).toBeGreaterThan(before.length);
  const stack = await restoredStack({ backup, secrets }, settings);
  try {
    const restored = await inOrthanc(stack);
    expect(restored).toEqual(expect.arrayContaining([...before]));
    // What is in Orthanc is rendered here, what is here is in Orthanc.
    await expect.poll(() => rendered(stack), { timeout: 90_000 }).toEqual(restored);
    // The modality sends everything again: what was there is not there twice, and what was not comes.
    const all = STUDIES.slice(0, sent);
    for (const files of all) await stack.storeOverDicom(files);
    const expected = all.flatMap(uidsOf).sort();
    await expect.poll(() => rendered(stack), { timeout: 90_000 }).toEqual(expected);
    expect(await inOrthanc(stack)).toEqual(expected);
  } finally {
    await stack.stop();
  }
}, 300_000);

/** SOP Instance UIDs of the images in Orthanc. */
async function inOrthanc(stack: RunningStack): Promise<string[]> {
  const found = await stack.orthancJson<{ MainDicomTags: { SOPInstanceUID: string } }[]>("/tools/find", {
    method: "POST",
    body: JSON.stringify({ Level: "Instance", Expand: true, Query: { Modality: "MR" } }),
  });
  return found.map(({ MainDicomTags }) => MainDicomTags.SOPInstanceUID).sort();
}

/** Of those that have their rendition, by the database. */
async function rendered(stack: RunningStack): Promise<string[]> {
  const rows = (await stack.sql(
    `SELECT i.sop_instance_uid AS uid FROM instance i JOIN series s ON s.orthanc_id = i.series_id
     WHERE s.modality = 'MR' AND i.rendition = 'rendered'`,
  )) as { uid: string }[];
  return rows.map(({ uid }) => uid).sort();
}
