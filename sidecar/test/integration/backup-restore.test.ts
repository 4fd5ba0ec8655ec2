import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createHash } from "node:crypto";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { createDemoStudy } from "../../src/phantom/demo-study.js";
import { backUp, restoredStack, restoreInto } from "../stack/backups.js";
import { People } from "../stack/people.js";
import { ReviewedResults, type ShownResult } from "../stack/reviewed-results.js";
import { runCommand } from "../stack/run-program.js";
import { RunningStack } from "../stack/running-stack.js";
import { WebhookReceiver } from "../stack/webhook-receiver.js";

const settings = { NEURONOVA_STABLE_AFTER_SECONDS: "0.5", NEURONOVA_WEBHOOK_NETWORKS: "127.0.0.0/8" };
const FHIR_TYPES = ["Patient", "ImagingStudy", "Observation", "DiagnosticReport", "Practitioner"];

/** Longer than any loop rests that may change a study by itself. */
const STEADY_MILLISECONDS = 5_000;

let place: string;
let backup: string;
let secrets: string;
let receiver: WebhookReceiver;
let webhook: { id: number; secret: string };
let study: string;
let analysis: number;
let before: Awaited<ReturnType<typeof stateOf>>;

/** All that has to be the same again. */
async function stateOf(stack: RunningStack) {
  const details = await stack.json<object>(`/api/studies/${study}`);
  const result = await stack.json<ShownResult>(`/api/ai/results/${analysis}`);
  const fhir: Record<string, string[]> = {};
  for (const type of FHIR_TYPES)
    fhir[type] = (await stack.fhir<{ id: string }>(`${type}?_count=200`)).map(({ id }) => id).sort();
  const instances = await stack.orthancJson<{ ID: string; MainDicomTags: { SOPInstanceUID: string } }[]>(
    "/tools/find",
    { method: "POST", body: JSON.stringify({ Level: "Instance", Expand: true, Query: {} }) },
  );
  const files: Record<string, string> = {};
  for (const { ID, MainDicomTags } of instances) {
    const file = Buffer.from(await (await stack.orthanc(`/instances/${ID}/file`)).arrayBuffer());
    files[MainDicomTags.SOPInstanceUID] = createHash("sha256").update(file).digest("hex");
  }
  return { details, result, fhir, files };
}

const frame = (stack: RunningStack, { seriesInstanceUid, sopInstanceUid }: Image) =>
  stack
    .fetch(`/dicom-web/studies/${study}/series/${seriesInstanceUid}/instances/${sopInstanceUid}/frames/1`, {
      headers: { Accept: "image/jphc" },
    })
    .then(async (response) => ({
      type: response.headers.get("content-type"),
      bytes: Buffer.from(await response.arrayBuffer()).toString("base64"),
    }));

type Image = ReturnType<typeof createDemoStudy>[number];
let image: Image;
let frameBefore: Awaited<ReturnType<typeof frame>>;

beforeAll(async () => {
  place = await mkdtemp(join(tmpdir(), "neuronova-backup-"));
  [backup, secrets] = [join(place, "backup"), join(place, "secrets")];
  receiver = await new WebhookReceiver().open();
  const stack = await RunningStack.start({ settings });
  try {
    const events = await stack.events();
    const people = new People(stack);
    const results = new ReviewedResults(stack, events);
    const radiologist = await people.token("reader", "radiologist", { displayName: "Reader" });
    const made = await people.call<typeof webhook>(await stack.token(), "POST", "/api/webhooks", {
      url: receiver.url,
      events: ["analysis.succeeded"],
    });
    webhook = made.body;
    const analysed = await results.analysed(701);
    ({ study, id: analysis } = analysed);
    image = analysed.files[3] as Image;
    await results.decided(analysis, study, { decision: "accepted", comment: "as seen" }, radiologist);
    await results.inFhir(analysis, "final");
    before = await steadyState(stack);
    frameBefore = await frame(stack, image);
    const ended = await backUp(stack, backup);
    expect(ended, ended.output).toMatchObject({ status: 0 });
    // It has gone on meanwhile, and the backup is noted.
    expect((await stack.orthanc("/system")).status).toBe(200);
    const [row] = (await stack.sql(
      "SELECT COUNT(*) AS noted FROM position_cursor WHERE name = 'backup.noted'",
    )) as [{ noted: number }];
    expect(row.noted).toBe(1);
    await cp(join(stack.directory, "secrets"), secrets, { recursive: true });
    events.close();
  } finally {
    await stack.stop();
  }
}, 300_000);

afterAll(async () => {
  await receiver.close();
  await rm(place, { recursive: true, force: true });
});

/** Waits until everything of the study has been synchronised. */
async function settled(stack: RunningStack): Promise<void> {
  const state = async () => {
    const [row] = (await stack.sql(
      `SELECT (SELECT COUNT(*) FROM outbox WHERE state = 'pending')
            + (SELECT COUNT(*) FROM instance WHERE rendition = 'pending') AS waiting`,
    )) as { waiting: number }[];
    return Number(row?.waiting);
  };
  await vi.waitUntil(async () => (await state()) === 0, { timeout: 90_000, interval: 300 });
}

/** The state once it does not change any more: whose the study is, is decided by itself and told FHIR later. */
async function steadyState(stack: RunningStack): Promise<Awaited<ReturnType<typeof stateOf>>> {
  for (;;) {
    await settled(stack);
    const found = await stateOf(stack);
    await new Promise((resolve) => setTimeout(resolve, STEADY_MILLISECONDS));
    await settled(stack);
    if (isDeepStrictEqual(found, await stateOf(stack))) return found;
  }
}

describe("a backup of a running stack", () => {
  test("gives a new stack the same studies, results, users and FHIR resources", async () => {
    const stack = await restoredStack({ backup, secrets }, settings);
    try {
      expect(await stateOf(stack)).toEqual(before);
      expect(await frame(stack, image)).toEqual(frameBefore);
      const people = new People(stack);
      expect((await people.logIn("reader")).accessToken).not.toBe("");
      const verified = await runCommand(stack, "audit", "verify");
      expect(verified, verified.output).toMatchObject({ status: 0 });

      // It works on: a study comes, is analysed and told of with the secret that was sealed; the old one is not done again.
      const events = await stack.events();
      const results = new ReviewedResults(stack, events);
      const told = receiver.received.length;
      const { id } = await results.analysed(702);
      await results.inFhir(id, "preliminary");
      await receiver.until("the new analysis", (received) => received.length > told);
      expect(receiver.lastSignedBy(webhook.secret)).toBeTruthy();
      expect(events.of("analysis.succeeded", study)).toHaveLength(0);
      await settled(stack);
      const after = await stateOf(stack);
      expect(after.result).toEqual(before.result);
      for (const type of ["Patient", "ImagingStudy", "DiagnosticReport"])
        expect(after.fhir[type]).toHaveLength((before.fhir[type]?.length ?? 0) + 1);
      events.close();
    } finally {
      await stack.stop();
    }
  }, 300_000);

  test.each([
    ["a damaged file", "database.sql is damaged", (copy: string) => flip(join(copy, "database.sql"))],
    ["a missing file", "orthanc/index is missing", (copy: string) => rm(join(copy, "orthanc/index"))],
    ["a foreign file", "is not part of the backup", (copy: string) => writeFile(join(copy, "more"), "")],
    ["a damaged manifest", "manifest.json is damaged", (copy: string) => flip(join(copy, "manifest.json"))],
    ["no end", "was not completed", (copy: string) => rm(join(copy, "manifest.sha256"))],
    ["a newer version", "newer than this program", (copy: string) => madeBy(copy, "99.0.0")],
  ])("with %s is refused before anything is written", async (_what, reason, spoil) => {
    const copy = await mkdtemp(join(place, "spoilt-"));
    await cp(backup, copy, { recursive: true });
    await spoil(copy);
    const directory = await mkdtemp(join(place, "target-"));
    const ended = await restoreInto(directory, copy, secrets);
    expect(ended.status).toBe(1);
    expect(ended.output).toContain(reason);
    await expect(readFile(join(directory, "data/orthanc/index"))).rejects.toThrow("ENOENT");
  });

  test("is not restored over data", async () => {
    const directory = await mkdtemp(join(place, "target-"));
    expect((await restoreInto(directory, backup, secrets)).status).toBe(0);
    const again = await restoreInto(directory, backup, secrets);
    expect(again).toMatchObject({ status: 1 });
    expect(again.output).toContain("is not empty");
  });
});

/** Changes one bit in the middle. */
async function flip(path: string): Promise<void> {
  const bytes = await readFile(path);
  const middle = bytes.length >> 1;
  bytes[middle] = (bytes[middle] ?? 0) ^ 1;
  await writeFile(path, bytes);
}

async function madeBy(copy: string, version: string): Promise<void> {
  const path = join(copy, "manifest.json");
  const manifest = JSON.stringify({ ...(JSON.parse(await readFile(path, "utf8")) as object), version });
  await writeFile(path, manifest);
  await writeFile(join(copy, "manifest.sha256"), createHash("sha256").update(manifest).digest("hex"));
}
