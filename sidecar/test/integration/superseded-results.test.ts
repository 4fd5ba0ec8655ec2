import type { DiagnosticReport } from "fhir/r4.js";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createDemoStudy, type DemoFile } from "../../src/phantom/demo-study.js";
import type { EventRecorder } from "../stack/event-recorder.js";
import { python } from "../stack/pydicom.js";
import { twinOf } from "../stack/rewritten-files.js";
import { RunningStack } from "../stack/running-stack.js";

let stack: RunningStack;
let events: EventRecorder;

beforeAll(async () => {
  stack = await RunningStack.start({
    settings: {
      NEURONOVA_STABLE_AFTER_SECONDS: "0.5",
      NEURONOVA_SWEEP_SECONDS: "1",
      NEURONOVA_SUMMARY_IMAGE: "on",
    },
  });
  events = await stack.events();
});

afterAll(async () => {
  events.close();
  await stack.stop();
});

interface StoredResult {
  readonly modality: string;
  readonly sopInstanceUid: string;
  readonly seriesInstanceUid: string;
  readonly predecessors: number;
  /** Images of the study that it refers to. */
  readonly images: number;
}

const READ = `
import io, json, sys, pydicom
ds = pydicom.dcmread(io.BytesIO(sys.stdin.buffer.read()), stop_before_pixels=True)
images = sum(len(s.ReferencedInstanceSequence) for s in ds.get("ReferencedSeriesSequence", []))
for study in ds.get("CurrentRequestedProcedureEvidenceSequence", []):
    images += sum(len(s.ReferencedSOPSequence) for s in study.ReferencedSeriesSequence[:1])
images += len(ds.get("SourceImageSequence", []))
print(json.dumps({
    "modality": ds.Modality, "sopInstanceUid": ds.SOPInstanceUID, "seriesInstanceUid": ds.SeriesInstanceUID,
    "predecessors": len(ds.get("PredecessorDocumentsSequence", [])), "images": images,
}))
`;

async function instancesOf(query: Record<string, string>): Promise<string[]> {
  return stack.orthancJson<string[]>("/tools/find", {
    method: "POST",
    body: JSON.stringify({ Level: "Instance", Query: query }),
  });
}

/** The results that Orthanc holds: summary image, SEG, SR. */
async function results(studyInstanceUid: string): Promise<StoredResult[]> {
  const found = await Promise.all(
    (await instancesOf({ StudyInstanceUID: studyInstanceUid, Modality: "SEG\\SR\\OT" })).map(async (id) => {
      const file = await stack.orthanc(`/instances/${id}/file`);
      return JSON.parse(await python(READ, new Uint8Array(await file.arrayBuffer()))) as StoredResult;
    }),
  );
  return found.sort((a, b) => a.modality.localeCompare(b.modality));
}

async function analysed(studyInstanceUid: string, times: number): Promise<void> {
  await events.until(
    `result ${times}`,
    () => events.of("analysis.succeeded", studyInstanceUid).length >= times,
    60,
  );
}

const study = createDemoStudy({ rows: 128, columns: 128 });
const studyInstanceUid = study[0]?.studyInstanceUid ?? "";

test("a late slice: a new SEG, SR and picture in the same series take the place of the earlier ones, and include none of them", async () => {
  await stack.storeOverDicom(study.slice(0, 22));
  await analysed(studyInstanceUid, 1);
  const earlier = await results(studyInstanceUid);
  expect(earlier.map(({ modality, images }) => [modality, images])).toEqual([
    ["OT", 1],
    ["SEG", 22],
    ["SR", 22],
  ]);
  await stack.storeOverDicom(study.slice(22));
  await analysed(studyInstanceUid, 2);
  const later = await results(studyInstanceUid);
  expect(later.map(({ modality, images }) => [modality, images])).toEqual([
    ["OT", 1],
    ["SEG", 24],
    ["SR", 24],
  ]);
  later.forEach((result, index) => {
    expect(result.seriesInstanceUid).toBe(earlier[index]?.seriesInstanceUid);
    expect(result.sopInstanceUid).not.toBe(earlier[index]?.sopInstanceUid);
    expect(result.predecessors).toBe(0);
  });
});

test("the same images once more, in another order, change nothing", async () => {
  const before = await results(studyInstanceUid);
  await stack.storeOverDicom([...study].reverse());
  await stack.storeOverDicom([...study].reverse());
  expect(await results(studyInstanceUid)).toEqual(before);
  expect(events.of("analysis.succeeded", studyInstanceUid)).toHaveLength(2);
});

test("without the slices that had the lesion, its SEG is gone, and the SR is of those that are left", async () => {
  // The lesion begins 7 mm above the origin; the slices from the 11th on lie above 4 mm.
  for (const { sopInstanceUid } of study.slice(10)) {
    const [id] = await instancesOf({ SOPInstanceUID: sopInstanceUid });
    await stack.orthanc(`/instances/${id ?? ""}`, { method: "DELETE" });
  }
  const left = () => results(studyInstanceUid);
  await expect.poll(left, { timeout: 110_000, interval: 1_000 }).toMatchObject([
    { modality: "OT", images: 1 },
    { modality: "SR", images: 10 },
  ]);
});

test.each([
  ["that nobody has looked at, it is withdrawn", false, [] as string[], "entered-in-error"],
  ["that a person accepted, it stays", true, ["SEG", "SR"], "final"],
])(
  "an image that makes no regular stack of it any more takes a result away: of one %s",
  async (_what, accepted, left, status) => {
    const seed = accepted ? 61 : 62;
    const patient = {
      name: "Refused^Later",
      id: `REFUSED-${seed}`,
      birthDate: "19700101",
      sex: "O" as const,
    };
    const lesion = { centreMm: [32, -14, 22] as const, radiusMm: 15 };
    const files = createDemoStudy({ seed, patient, lesion, slices: 12, rows: 128, columns: 128 });
    const uid = files[0]?.studyInstanceUid ?? "";
    await stack.storeOverDicom(files);
    await analysed(uid, 1);
    if (accepted) await accept(uid);
    await stack.storeOverDicom([twinOf(files.at(-1) as DemoFile)]);
    await events.until("refusal", () => events.of("analysis.failed", uid).length === 1);
    expect(
      (await results(uid)).map(({ modality }) => modality).filter((modality) => modality !== "OT"),
    ).toEqual(left);
    const reported = async () =>
      (await stack.fhir<DiagnosticReport>("DiagnosticReport?_count=100"))
        .filter(({ identifier }) =>
          identifier?.some(({ value }) => value?.startsWith(files[0]?.seriesInstanceUid ?? "-")),
        )
        .map((report) => report.status);
    await expect.poll(reported, { timeout: 30_000 }).toEqual([status]);
  },
);

async function accept(uid: string): Promise<void> {
  const { results: found } = await stack.json<{ results: { id: number; reportSopInstanceUid: string }[] }>(
    `/api/studies/${uid}`,
  );
  const [result] = found;
  const response = await stack.fetch(`/api/ai/results/${result?.id ?? 0}/review`, {
    method: "POST",
    headers: { Authorization: `Bearer ${await stack.token("doctor")}`, "Content-Type": "application/json" },
    body: JSON.stringify({ decision: "accepted", reportSopInstanceUid: result?.reportSopInstanceUid }),
  });
  expect(response.ok, await response.text()).toBe(true);
  await events.until("the verified report", () => events.of("result.review-applied", uid).length === 1);
}
