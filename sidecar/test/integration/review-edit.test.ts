import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { EventRecorder } from "../stack/event-recorder.js";
import { readNested } from "../stack/nested-tags.js";
import { People } from "../stack/people.js";
import { python } from "../stack/pydicom.js";
import { ReviewedResults } from "../stack/reviewed-results.js";
import { RunningStack } from "../stack/running-stack.js";
import { dciodvfy } from "../validators/dciodvfy.js";
import { pixelmedSrValidator } from "../validators/pixelmed.js";
import { readSegmentation } from "../validators/read-back.js";

let stack: RunningStack;
let events: EventRecorder;
let results: ReviewedResults;
let kim: string;
let lee: string;
let directory: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "neuronova-edit-"));
  stack = await RunningStack.start({ settings: { NEURONOVA_STABLE_AFTER_SECONDS: "0.5" } });
  events = await stack.events();
  results = new ReviewedResults(stack, events);
  const people = new People(stack);
  kim = await people.token("kim", "radiologist", { displayName: "김민지" });
  lee = await people.token("lee", "doctor", { displayName: "Lee Jun" });
});

afterAll(async () => {
  events.close();
  await stack.stop();
  await rm(directory, { recursive: true, force: true });
});

/** What a person makes of a SEG with pydicom: every second voxel of the segment is taken away, then the change. */
const EDIT = `
import sys, numpy, pydicom
from pydicom.uid import generate_uid
source, target, change = sys.argv[1:4]
dataset = pydicom.dcmread(source)
frames = dataset.pixel_array.reshape(-1, dataset.Rows, dataset.Columns).copy()
flat = frames.reshape(-1)
set_bits = numpy.flatnonzero(flat)
flat[set_bits[1::2]] = 0
bits = numpy.packbits(flat, bitorder="little").tobytes()
dataset.PixelData = bits + b"\\0" * (len(bits) % 2)
dataset.SOPInstanceUID = dataset.file_meta.MediaStorageSOPInstanceUID = generate_uid()
dataset.SeriesInstanceUID = generate_uid()
dataset.SegmentSequence[0].SegmentAlgorithmType = "SEMIAUTOMATIC"
exec(change)
dataset.save_as(target)
print(len(set_bits), len(set_bits[0::2]))
`;

async function edited(
  segmentation: string,
  change = "pass",
): Promise<{ file: Uint8Array; before: number; after: number }> {
  const [source, target] = [join(directory, "source.dcm"), join(directory, "target.dcm")];
  await writeFile(source, await results.file(segmentation));
  const [before = 0, after = 0] = (await python(EDIT, "", source, target, change))
    .trim()
    .split(" ")
    .map(Number);
  return { file: new Uint8Array(await readFile(target)), before, after };
}

async function send(
  id: number,
  file: Uint8Array,
  {
    token = kim,
    seen,
    type = "application/dicom",
    comment,
  }: { token?: string; seen?: string; type?: string; comment?: string } = {},
): Promise<{ status: number; body: Record<string, unknown> }> {
  const uid = seen ?? (await results.result(id)).reportSopInstanceUid;
  const query = `reportSopInstanceUid=${uid}&reason=wrong-boundary`;
  const form = new FormData();
  form.append("segmentation", new Blob([new Uint8Array(file)], { type }));
  if (comment !== undefined) form.append("comment", comment);
  const response = await stack.fetch(`/api/ai/results/${id}/segmentation?${query}`, {
    method: "PUT",
    headers: {
      Authorization: `Bearer ${token}`,
      ...(comment === undefined ? { "Content-Type": type } : {}),
    },
    body: comment === undefined ? Buffer.from(file) : form,
  });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

describe("a corrected segmentation", () => {
  let study: string;
  let id: number;
  let seg: string;
  let seen: string;
  let file: Uint8Array;
  let volumeMl: number;

  beforeAll(async () => {
    ({ study, id } = await results.analysed(101));
    const stored = await results.stored(study);
    seg = stored[0]?.id ?? "";
    seen = stored[1]?.sopInstanceUid ?? "";
    volumeMl = (await results.result(id)).segments[0]?.volumeMl ?? 0;
  });

  test.each([
    ["another patient", 'dataset.PatientID = "SOMEBODY"', "segmentation-of-another"],
    ["another study", "dataset.StudyInstanceUID = generate_uid()", "segmentation-of-another"],
    ["another frame of reference", "dataset.FrameOfReferenceUID = generate_uid()", "segmentation-of-another"],
    [
      "another series",
      "dataset.ReferencedSeriesSequence[0].SeriesInstanceUID = generate_uid()",
      "segmentation-of-another",
    ],
    [
      "another place",
      "dataset.PerFrameFunctionalGroupsSequence[0].PlanePositionSequence[0].ImagePositionPatient[2] += 1",
      "segmentation-geometry",
    ],
    [
      "another orientation",
      "dataset.SharedFunctionalGroupsSequence[0].PlaneOrientationSequence[0].ImageOrientationPatient = [0, 1, 0, 1, 0, 0]",
      "segmentation-geometry",
    ],
    [
      "another spacing",
      "dataset.SharedFunctionalGroupsSequence[0].PixelMeasuresSequence[0].PixelSpacing = [1, 1]",
      "segmentation-geometry",
    ],
    [
      "a segment that the model does not have",
      'dataset.SegmentSequence[0].SegmentedPropertyTypeCodeSequence[0].CodeValue = "123"',
      "segmentation-segments",
    ],
    ["nothing segmented", "dataset.PixelData = bytes(len(dataset.PixelData))", "segmentation-segments"],
    ["probabilities", 'dataset.SegmentationType = "FRACTIONAL"', "segmentation-unreadable"],
  ])("of %s is not taken", async (_what, change, code) => {
    const wrong = await edited(seg, change);
    const { status, body } = await send(id, wrong.file);
    expect([status, body["code"]], JSON.stringify(body)).toEqual([422, code]);
    expect((await results.result(id)).history).toEqual([]);
  });

  test("that is no DICOM file, or of a result that is not there any more, is not taken", async () => {
    const correct = await edited(seg);
    file = correct.file;
    expect((await send(id, Buffer.from("no file"))).body).toMatchObject({ code: "segmentation-unreadable" });
    expect((await send(id, file, { type: "application/json" })).status).toBe(400);
    expect((await send(id, file, { type: "image/png" })).status).toBe(415);
    expect((await send(id, file, { seen: "2.25.1" })).body).toMatchObject({ code: "result-superseded" });
  });

  test("takes the place of the model's, measured anew, in a report verified by that person", async () => {
    const { before, after } = await edited(seg);
    const answer = await send(id, file, { comment: "가장자리 수정" });
    expect(answer.status, JSON.stringify(answer.body)).toBe(200);
    expect(answer.body).toMatchObject({
      decision: "edited",
      reason: "wrong-boundary",
      comment: "가장자리 수정",
    });
    await results.applied(study, 1);
    const stored = await results.stored(study);
    expect(stored.map(({ modality }) => modality)).toEqual(["SEG", "SR"]);
    const [segmentation, report] = stored;
    expect(segmentation?.id).not.toBe(seg);
    expect(readNested(segmentation?.tags ?? {}, "SegmentSequence", "SegmentAlgorithmType")).toBe(
      "SEMIAUTOMATIC",
    );
    expect(report?.tags).toMatchObject({
      VerificationFlag: "VERIFIED",
      SOPInstanceUID: answer.body["verifiedSopInstanceUid"],
    });
    const [segPath, srPath] = [join(directory, "seg.dcm"), join(directory, "sr.dcm")];
    await writeFile(segPath, await results.file(segmentation?.id ?? ""));
    await writeFile(srPath, await results.file(report?.id ?? ""));
    for (const path of [segPath, srPath]) expect(dciodvfy(path).errors).toEqual([]);
    expect(pixelmedSrValidator(srPath).errors).toEqual([]);
    const read = await readSegmentation(segPath);
    expect(read.frames.reduce((sum, { pixels }) => sum + pixels.length, 0)).toBe(after);
    const { segments } = await results.result(id);
    expect(segments[0]?.volumeMl).toBeCloseTo((volumeMl * after) / before, 2);
    expect(await objectsInReport(srPath)).toContain(segmentation?.sopInstanceUid);
  });

  test("is final in FHIR with its own measurements, corrected on review", async () => {
    const { report, observations } = await results.inFhir(id, "final");
    expect(report.conclusion).toContain("Corrected on review.");
    const { segments } = await results.result(id);
    const volume = observations.find(({ code }) => code.text?.startsWith("Volume"));
    expect(volume?.valueQuantity?.value).toBe(segments[0]?.volumeMl);
    expect(volume?.note?.[0]?.text).toContain("corrected on review");
  });

  test("sent again by the same person is the same; sent by another is a conflict that says who", async () => {
    const again = await send(id, file, { seen, comment: "가장자리 수정" });
    expect([again.status, again.body["decision"]]).toEqual([200, "edited"]);
    const other = await send(id, file, { seen, token: lee });
    expect(other.status).toBe(409);
    expect(other.body).toMatchObject({ review: { decision: "edited", reviewer: "김민지" } });
  });
});

/** SOP Instance UIDs that the content of an SR refers to. */
async function objectsInReport(path: string): Promise<string[]> {
  const program = `
import json, sys, pydicom
found = []
def walk(dataset, element):
    if element.keyword == "ReferencedSOPInstanceUID": found.append(str(element.value))
pydicom.dcmread(sys.argv[1]).walk(walk)
print(json.dumps(found))
`;
  return JSON.parse(await python(program, "", path)) as string[];
}
