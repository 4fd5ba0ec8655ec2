import { afterAll, beforeAll, expect, test } from "vitest";
import { segmentMasks } from "../../src/report-document/segment-masks.js";
import { enhancedStudy } from "../stack/enhanced-study.js";
import type { EventRecorder } from "../stack/event-recorder.js";
import { python } from "../stack/pydicom.js";
import { RunningStack } from "../stack/running-stack.js";

let stack: RunningStack;
let events: EventRecorder;

beforeAll(async () => {
  stack = await RunningStack.start({ settings: { NEURONOVA_STABLE_AFTER_SECONDS: "0.5" } });
  events = await stack.events();
});

afterAll(async () => {
  events.close();
  await stack.stop();
});

const LIBRARY = `
import io, json, sys, pydicom
ds = pydicom.dcmread(io.BytesIO(sys.stdin.buffer.read()))
library = next(i for i in ds.ContentSequence if i.ConceptNameCodeSequence[0].CodeMeaning == "Image Library")
images = [i.ReferencedSOPSequence[0] for i in library.ContentSequence[0].ContentSequence if i.ValueType == "IMAGE"]
print(json.dumps([[str(i.ReferencedSOPInstanceUID), sorted(int(n) for n in i.ReferencedFrameNumber)] for i in images]))
`;

test("an Enhanced MR of one image is analysed frame by frame, and results refer to its frames", async () => {
  const study = enhancedStudy(81);
  expect((await stack.storeOverWeb([study.bytes])).status).toBe(200);
  await events.until(
    "the analysis",
    () => events.of("analysis.succeeded", study.studyInstanceUid).length > 0,
  );
  const fileOf = async (modality: string) => {
    const query = { StudyInstanceUID: study.studyInstanceUid, Modality: modality };
    const found = await stack.orthancJson<string[]>("/tools/find", {
      method: "POST",
      body: JSON.stringify({ Level: "Instance", Query: query }),
    });
    expect(found).toHaveLength(1);
    const file = await stack.orthanc(`/instances/${found[0] ?? ""}/file`);
    return new Uint8Array(await file.arrayBuffer());
  };
  const masks = segmentMasks(await fileOf("SEG"));
  expect(new Set(masks.map(({ sourceSopInstanceUid }) => sourceSopInstanceUid))).toEqual(
    new Set([study.sopInstanceUid]),
  );
  // As much as the model sees of it: the lesion of the very frame that each mask names.
  let [overlap, sum] = [0, 0];
  study.lesions.forEach((lesion, frame) => {
    const mask = masks.find(({ sourceFrameIndex }) => sourceFrameIndex === frame)?.pixels;
    lesion.forEach((inLesion, at) => {
      const inMask = mask?.[at] ?? 0;
      overlap += 2 * inLesion * inMask;
      sum += inLesion + inMask;
    });
  });
  expect(overlap / sum).toBeGreaterThan(0.8);

  const images = JSON.parse(await python(LIBRARY, await fileOf("SR"))) as [string, number[]][];
  expect(images).toEqual([[study.sopInstanceUid, study.lesions.map((_, frame) => frame + 1)]]);
});
