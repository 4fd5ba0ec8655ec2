import { afterAll, beforeAll, expect, test } from "vitest";
import { createDemoStudy } from "../../src/phantom/demo-study.js";
import type { EventRecorder } from "../stack/event-recorder.js";
import { python } from "../stack/pydicom.js";
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
