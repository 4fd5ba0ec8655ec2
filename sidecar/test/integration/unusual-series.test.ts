import type { DiagnosticReport, ImagingStudy, Patient } from "fhir/r4.js";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createDemoStudy, type DemoFile } from "../../src/phantom/demo-study.js";
import type { EventRecorder } from "../stack/event-recorder.js";
import { rewritten, twinOf } from "../stack/rewritten-files.js";
import { asJpeg2000 } from "../stack/jpeg2000-originals.js";
import { RunningStack } from "../stack/running-stack.js";

let stack: RunningStack;
let events: EventRecorder;

beforeAll(async () => {
  stack = await RunningStack.start({
    sidecarProcesses: [["api", "transcoding", "delivery"], ["inference"]],
    settings: { NEURONOVA_STABLE_AFTER_SECONDS: "0.5" },
  });
  events = await stack.events();
});

afterAll(async () => {
  events.close();
  await stack.stop();
});

interface Summary {
  readonly studyInstanceUid: string;
  readonly patientId: string;
  readonly analysis: string;
  readonly instanceCount: number;
  readonly fhir: { readonly state: string };
}

interface Details extends Summary {
  readonly series: { readonly modality: string; readonly instanceCount: number; readonly state: string }[];
  readonly results: { readonly state: string; readonly reason?: string }[];
}

const SMALL = { rows: 64, columns: 64 };
const LESION = { centreMm: [32, -14, 22], radiusMm: 15 } as const;

function patient(id: string) {
  return { name: `Unusual^${id}`, id, birthDate: "19700101", sex: "O" } as const;
}

/** Looks again after each event until what is read satisfies. */
async function settled<T>(read: () => Promise<T>, satisfied: (value: T) => boolean): Promise<T> {
  for (;;) {
    const heard = events.events.length;
    const value = await read();
    if (satisfied(value)) return value;
    await events.until(`change of ${JSON.stringify(value)}`, () => events.events.length > heard, 60);
  }
}

const details = (studyInstanceUid: string) => stack.json<Details>(`/api/studies/${studyInstanceUid}`);
const atRest = ({ series, fhir, analysis }: Details): boolean =>
  series.every(({ state }) => state === "stable") &&
  fhir.state === "synchronised" &&
  analysis !== "waiting" &&
  analysis !== "running";
const kinds = ({ series }: Details) => series.map(({ modality, instanceCount }) => [modality, instanceCount]);

async function reportsOf({ seriesInstanceUid }: DemoFile): Promise<DiagnosticReport[]> {
  const reports = await stack.fhir<DiagnosticReport>("DiagnosticReport?_count=200");
  return reports.filter(({ identifier }) =>
    identifier?.some(({ value }) => value?.startsWith(seriesInstanceUid)),
  );
}

test("the same study sent twice at the same time is one study with one result", async () => {
  const files = createDemoStudy({ ...SMALL, seed: 71, patient: patient("TWICE") });
  const [first] = files as [DemoFile];
  await Promise.all([stack.storeOverDicom(files), stack.storeOverDicom(files)]);
  const study = await settled(
    () => details(first.studyInstanceUid),
    (value) => atRest(value) && value.instanceCount === 26,
  );
  expect(kinds(study)).toEqual([
    ["MR", 24],
    ["SEG", 1],
    ["SR", 1],
  ]);
  expect(await reportsOf(first)).toHaveLength(1);
});

test("two patients who share every UID keep each their own images, results and report", async () => {
  const ofAnna = createDemoStudy({ ...SMALL, seed: 72, patient: patient("SHARED-A") });
  const ofBert = ofAnna.map((file) => rewritten(file, ["SHARED-A", "SHARED-B"]));
  const [first] = ofAnna as [DemoFile];
  await Promise.all([stack.storeOverDicom(ofAnna), stack.storeOverDicom(ofBert)]);
  const studies = await settled(
    async () => {
      const { studies: all } = await stack.json<{ studies: Summary[] }>("/api/studies?query=SHARED-");
      return all.filter(({ studyInstanceUid }) => studyInstanceUid === first.studyInstanceUid);
    },
    (all) =>
      all.length === 2 &&
      all.every(
        ({ instanceCount, analysis, fhir }) =>
          instanceCount === 26 && analysis === "succeeded" && fhir.state === "synchronised",
      ),
  );
  expect(studies.map(({ patientId }) => patientId).sort()).toEqual(["SHARED-A", "SHARED-B"]);

  const results = await stack.orthancJson<{ ParentStudy: string; MainDicomTags: { Modality: string } }[]>(
    "/tools/find",
    {
      method: "POST",
      body: JSON.stringify({
        Level: "Series",
        Expand: true,
        Query: { StudyInstanceUID: first.studyInstanceUid },
      }),
    },
  );
  expect(results.map(({ MainDicomTags }) => MainDicomTags.Modality).sort()).toEqual([
    "MR",
    "MR",
    "SEG",
    "SEG",
    "SR",
    "SR",
  ]);
  expect(
    new Set(results.map(({ ParentStudy, MainDicomTags }) => ParentStudy + MainDicomTags.Modality)).size,
  ).toBe(6);

  const patientIdOf = async (reference: string | undefined) => {
    const id = reference?.split("/")[1] ?? "";
    const [found] = await stack.fhir<Patient>(`Patient?_id=${id}`);
    return found?.identifier?.find(({ type }) => type !== undefined)?.value;
  };
  const imagingStudies = await stack.fhir<ImagingStudy>(
    `ImagingStudy?identifier=${encodeURIComponent(`urn:dicom:uid|urn:oid:${first.studyInstanceUid}`)}`,
  );
  const reports = await reportsOf(first);
  for (const resources of [imagingStudies, reports]) {
    const patients = await Promise.all(resources.map(({ subject }) => patientIdOf(subject?.reference)));
    expect(patients.sort()).toEqual(["SHARED-A", "SHARED-B"]);
  }
  const ambiguous = await stack.fetch(`/api/studies/${first.studyInstanceUid}`);
  expect(ambiguous.status).toBe(409);
});

describe("a series that makes no volume ends with the reason", () => {
  const stackOf = (seed: number, id: string) =>
    createDemoStudy({ ...SMALL, seed, slices: 6, patient: patient(id) });
  /** Image Orientation (Patient) as the phantom writes it, and another of the same length. */
  const AXIAL = "1\\0\\0\\0\\1\\0";
  const SAGITTAL = "0\\1\\0\\0\\0\\1";

  test.each([
    [
      "a localizer among the slices",
      () =>
        stackOf(73, "LOCALIZER").map((file, at) => (at === 0 ? rewritten(file, [AXIAL, SAGITTAL]) : file)),
      "slices-not-parallel",
    ],
    [
      "two slices at one position",
      () => {
        const files = stackOf(74, "DUPLICATE");
        return [...files, twinOf(files.at(-1) as DemoFile)];
      },
      "position-duplicate",
    ],
  ])("%s", async (_name, make, code) => {
    const files = make();
    const [first] = files as [DemoFile];
    await stack.storeOverDicom(files);
    await events.until("end", () => events.of("analysis.failed", first.studyInstanceUid).length > 0);
    const { failures } = await stack.json<{ failures: { studyInstanceUid: string; reason: string }[] }>(
      "/api/failures",
    );
    expect(
      failures.filter(({ studyInstanceUid }) => studyInstanceUid === first.studyInstanceUid),
    ).toMatchObject([{ reason: expect.stringContaining(code) as string }]);
    const study = await settled(() => details(first.studyInstanceUid), atRest);
    expect(kinds(study)).toEqual([["MR", files.length]]);
  });

  test("a single slice is not analysed, and synchronised all the same", async () => {
    const [slice] = createDemoStudy({ ...SMALL, seed: 75, slices: 1, patient: patient("SINGLE") }) as [
      DemoFile,
    ];
    await stack.storeOverDicom([slice]);
    await events.until("its arrival", () => events.of("instance.arrived", slice.studyInstanceUid).length > 0);
    const study = await settled(() => details(slice.studyInstanceUid), atRest);
    expect([kinds(study), study.results]).toEqual([[["MR", 1]], []]);
  });
});

test("images that Orthanc does not decode, and bits that are no pixels, give the result of the same images", async () => {
  const seed = 77;
  const made = (id: string) => createDemoStudy({ ...SMALL, seed, patient: patient(id), lesion: LESION });
  const measured = async (files: readonly DemoFile[]) => {
    const [first] = files as [DemoFile];
    expect((await stack.storeOverWeb(files.map(({ bytes }) => bytes))).status).toBe(200);
    const study = await settled(() => details(first.studyInstanceUid), atRest);
    const report = (await reportsOf(first))[0];
    return { kinds: kinds(study), conclusion: report?.conclusion };
  };
  const native = await measured(made("NATIVE"));
  // With what was measured: two reports that say nothing would be the same, too.
  expect(native.conclusion).toMatch(/\d/);
  expect(native.kinds).toEqual([
    ["MR", 24],
    ["SEG", 1],
    ["SR", 1],
  ]);
  const compressed = await Promise.all(
    made("JPEG2000").map((file) => asJpeg2000(file, SMALL.rows, SMALL.columns)),
  );
  expect(await measured(compressed)).toEqual(native);
  // As an overlay in unused bits (PS3.5 8.1.2) lies in old images.
  const overlaid = made("OVERLAY").map((file) => {
    const bytes = Buffer.from(file.bytes);
    for (let at = bytes.byteLength - SMALL.rows * SMALL.columns * 2; at < bytes.byteLength; at += 2)
      if ((at >> 4) % 2 === 0) bytes.writeUInt16LE(bytes.readUInt16LE(at) | 0x8000, at);
    return { ...file, bytes: new Uint8Array(bytes) };
  });
  expect(await measured(overlaid)).toEqual(native);
});

test("inference killed when its SEG has just been stored leaves one SEG, one SR and one report", async () => {
  const files = createDemoStudy({ ...SMALL, seed: 76, patient: patient("KILLED") });
  const [first] = files as [DemoFile];
  await stack.storeOverDicom(files);
  await events.until("first result", () =>
    events
      .of("instance.arrived", first.studyInstanceUid)
      .some(({ seriesInstanceUid }) => seriesInstanceUid !== first.seriesInstanceUid),
  );
  stack.local.processes["sidecar-inference"]?.kill("SIGKILL");
  const study = await settled(
    () => details(first.studyInstanceUid),
    (value) => atRest(value) && value.instanceCount === 26,
  );
  expect(kinds(study)).toEqual([
    ["MR", 24],
    ["SEG", 1],
    ["SR", 1],
  ]);
  expect(await reportsOf(first)).toHaveLength(1);
});

test("a FHIR server that was away all the time has everything once it is back", async () => {
  const files = createDemoStudy({ ...SMALL, seed: 77, patient: patient("AWAY") });
  const [first] = files as [DemoFile];
  await stack.local.processes["fhir"]?.stop();
  await stack.storeOverDicom(files);
  await events.until("analysis", () => events.of("analysis.succeeded", first.studyInstanceUid).length > 0);
  const waiting = await details(first.studyInstanceUid);
  expect([waiting.analysis, waiting.fhir.state]).toEqual(["succeeded", "waiting"]);
  await stack.local.processes["fhir"]?.start();
  const study = await settled(() => details(first.studyInstanceUid), atRest);
  expect(study.instanceCount).toBe(26);
  expect(await reportsOf(first)).toHaveLength(1);
});
