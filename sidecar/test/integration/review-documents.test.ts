import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { analyseSeries, type AnalysisOutcome } from "../../src/inference/analyse-series.js";
import { loadModel } from "../../src/inference/model-registry.js";
import { openThreadEngine } from "../../src/inference/engines/thread-engine.js";
import type { SelectedObject } from "../../src/key-object-selection/write-document.js";
import { REASON_CONCEPTS } from "../../src/review/reasons.js";
import { verifiedReportUid, verifyReport } from "../../src/review/verify-report.js";
import { writeRejection } from "../../src/review/write-rejection.js";
import { REVIEW_REASONS } from "../../src/state/review-records.js";
import { python } from "../stack/pydicom.js";
import { dcentvfy, dciodvfy } from "../validators/dciodvfy.js";
import { phantomSeries } from "../validators/phantom-series.js";
import { pixelmedSrValidator } from "../validators/pixelmed.js";

const MODEL = fileURLToPath(new URL("../../models/tumor_detection", import.meta.url));
const WORKER = new URL("../../dist/inference/engines/network.worker.js", import.meta.url);
const REVIEWER = {
  subject: "account:7",
  username: "kim",
  displayName: "김민지",
  organisation: "Example Hospital",
};
const VERIFICATION = { reviewer: REVIEWER, decidedAt: new Date("2025-03-02T04:05:06.789Z") };
const REJECTION = { ...VERIFICATION, reason: "false-positive" as const, comment: "혈관 A vessel." };

let directory: string;
let outcome: Extract<AnalysisOutcome, { kind: "succeeded" }>;
const phantom = phantomSeries({});
const [first] = phantom.instances;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "neuronova-review-"));
  const model = await loadModel(MODEL);
  const engine = await openThreadEngine({
    kind: "tensorflow",
    threads: 2,
    models: [model],
    workerFile: WORKER,
  });
  const createdAt = new Date("2025-03-02T03:04:05Z");
  const found = await analyseSeries({ model, engine, ...phantom, createdAt });
  await engine.close();
  if (found.kind !== "succeeded") throw new Error(found.reason);
  outcome = found;
});

afterAll(() => rm(directory, { recursive: true, force: true }));

async function save(name: string, bytes: Uint8Array): Promise<string> {
  const path = join(directory, `${name}.dcm`);
  await writeFile(path, bytes);
  return path;
}

function image() {
  if (first === undefined) throw new RangeError("a series has slices");
  return first.dataSet;
}

function verified(): Uint8Array {
  const { seriesInstanceUid, sopInstanceUid, bytes } = outcome.report;
  const { studyInstanceUid } = phantom.series;
  return verifyReport(bytes, verifiedReportUid(sopInstanceUid, VERIFICATION), VERIFICATION, image(), {
    studyInstanceUid,
    seriesInstanceUid,
    sopInstanceUid,
  });
}

const READ = `
import json, sys, pydicom
one, other = [pydicom.dcmread(path) for path in sys.argv[1:3]]
def plain(dataset):
    return json.loads(dataset.to_json())
a, b = plain(one), plain(other)
observer = other.VerifyingObserverSequence[0]
before = other.PredecessorDocumentsSequence[0].ReferencedSeriesSequence[0].ReferencedSOPSequence[0]
print(json.dumps({
    "changed": sorted(pydicom.datadict.keyword_for_tag(int(tag, 16)) for tag in set(a) | set(b) if a.get(tag) != b.get(tag)),
    "meta": str(other.file_meta.MediaStorageSOPInstanceUID),
    "uid": str(other.SOPInstanceUID),
    "flag": str(other.VerificationFlag),
    "name": str(observer.VerifyingObserverName),
    "organisation": str(observer.VerifyingOrganization),
    "at": str(observer.VerificationDateTime),
    "code": [str(observer.VerifyingObserverIdentificationCodeSequence[0][tag].value) for tag in ("CodeValue", "CodingSchemeDesignator", "CodeMeaning")],
    "predecessor": str(before.ReferencedSOPInstanceUID),
}))
`;

test("a verified report is valid, says who verified it, and differs in nothing else", async () => {
  const unverified = await save("unverified", outcome.report.bytes);
  const path = await save("verified", verified());
  const verdict = dciodvfy(path);
  expect(verdict.errors).toEqual([]);
  expect(new Set(verdict.warnings)).toEqual(new Set(dciodvfy(unverified).warnings));
  expect(pixelmedSrValidator(path)).toEqual({ errors: [], warnings: [] });
  const uid = verifiedReportUid(outcome.report.sopInstanceUid, VERIFICATION);
  expect(JSON.parse(await python(READ, "", unverified, path))).toEqual({
    changed: [
      "InstanceCreationTime",
      "InstanceNumber",
      "PredecessorDocumentsSequence",
      "SOPInstanceUID",
      "VerificationFlag",
      "VerifyingObserverSequence",
    ],
    meta: uid,
    uid,
    flag: "VERIFIED",
    name: "김민지^",
    organisation: "Example Hospital",
    at: expect.stringMatching(/^\d{14}$/) as string,
    code: ["account:7", "99NEURONOVA", "김민지"],
    predecessor: outcome.report.sopInstanceUid,
  });
});

test("verified again by the same person at the same time it is the same file", () => {
  expect(Buffer.compare(verified(), verified())).toBe(0);
});

test.each(REVIEW_REASONS)(
  "a rejection for %s is a valid key object document of the study",
  async (reason) => {
    if (outcome.segmentation === undefined) throw new Error("the model found nothing");
    const objects: SelectedObject[] = [
      { ...outcome.segmentation, sopClassUid: "1.2.840.10008.5.1.4.1.1.66.4", valueType: "IMAGE" },
      { ...outcome.report, sopClassUid: "1.2.840.10008.5.1.4.1.1.88.34", valueType: "COMPOSITE" },
    ];
    const { bytes } = writeRejection(
      outcome.report.sopInstanceUid,
      objects,
      { ...REJECTION, reason },
      image(),
    );
    const path = await save(`rejection-${reason}`, bytes);
    const { errors, warnings } = dciodvfy(path);
    // A private coding scheme is no defined term; there is no other warning.
    expect([errors, warnings.filter((line) => !line.includes("<99NEURONOVA>"))]).toEqual([[], []]);
    const images = await Promise.all(phantom.files.map((file) => save(file.fileName, file.bytes)));
    expect(dcentvfy([path, ...images]).errors).toEqual([]);
    const read = `
import json, sys, pydicom
document = pydicom.dcmread(sys.argv[1])
items = document.ContentSequence
print(json.dumps({
    "title": str(document.ConceptNameCodeSequence[0].CodeValue),
    "reason": [str(item.ConceptCodeSequence[0].CodeValue) for item in items if "ConceptNameCodeSequence" in item and item.ConceptNameCodeSequence[0].CodeValue == "113011"],
    "objects": [str(item.ReferencedSOPSequence[0].ReferencedSOPInstanceUID) for item in items if "ReferencedSOPSequence" in item],
}))
`;
    expect(JSON.parse(await python(read, "", path))).toEqual({
      title: "113001",
      reason: [REASON_CONCEPTS[reason].value],
      objects: [outcome.segmentation.sopInstanceUid, outcome.report.sopInstanceUid],
    });
  },
);
