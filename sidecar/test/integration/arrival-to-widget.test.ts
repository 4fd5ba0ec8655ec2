import type { DiagnosticReport, ImagingStudy, Observation, Patient } from "fhir/r4.js";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createDemoStudy } from "../../src/phantom/demo-study.js";
import { decodeIndependently } from "../stack/opj-decompress.js";
import { partsOf } from "../stack/multipart.js";
import type { EventRecorder } from "../stack/event-recorder.js";
import { RunningStack } from "../stack/running-stack.js";

const HTJ2K = "multipart/related; type=application/octet-stream; transfer-syntax=*";
const FRAME_BYTES = 256 * 256 * 2;

interface DicomJson {
  readonly [tag: string]: { readonly vr: string; readonly Value?: unknown[] } | undefined;
}
interface Details {
  readonly studyInstanceUid: string;
  readonly analysis: string;
  readonly rendition: { pending: number; rendered: number; notRenderable: number; failed: number };
  readonly results: {
    segmentation: { seriesInstanceUid: string; sopInstanceUid: string };
    report: { sopInstanceUid: string };
    segments: { volumeMl: number; longestDiameterMm: number; meanIntensity: { value: number } }[];
  }[];
}

let stack: RunningStack;
let events: EventRecorder;
let studyInstanceUid: string;
const files = createDemoStudy({});

beforeAll(async () => {
  stack = await RunningStack.start();
  events = await stack.events();
  await stack.storeOverDicom(files);
  await events.until("analysis", () => events.of("analysis.succeeded").length === 1);
  studyInstanceUid = events.of("analysis.succeeded")[0]?.studyInstanceUid ?? "";
  // The SEG and SR are series of the study too: they settle, and the study is synchronised with them.
  await events.until("stable results", () => events.of("series.stable").length >= 3);
  const stableAt = events.of("series.stable").at(-1)?.sequence ?? 0;
  await events.until(
    "synchronised study",
    () => (events.of("study.synchronised").at(-1)?.sequence ?? 0) > stableAt,
  );
});

afterAll(async () => {
  events.close();
  await stack.stop();
});

describe("a brain MR series that arrives over C-STORE", () => {
  test("is told of in the order in which things happened", () => {
    const order = (event: string, sop?: string) =>
      events.events.find(
        (heard) => heard.event === event && (sop === undefined || heard.sopInstanceUid === sop),
      )?.sequence ?? 0;
    const arrived = events.of("instance.arrived").slice(0, files.length);
    expect(arrived).toHaveLength(24);
    for (const { sopInstanceUid, sequence } of arrived)
      expect(order("instance.rendered", sopInstanceUid)).toBeGreaterThan(sequence);
    expect(order("series.stable")).toBeGreaterThan(Math.max(...arrived.map(({ sequence }) => sequence)));
    expect(order("analysis.started")).toBeGreaterThan(order("series.stable"));
    expect(order("analysis.succeeded")).toBeGreaterThan(order("analysis.started"));
    const sequences = events.events.map(({ sequence }) => sequence);
    expect(sequences).toEqual([...sequences].sort((a, b) => a - b));
    expect(new Set(sequences).size).toBe(sequences.length);
  });

  test("is served as HTJ2K whose pixels an independent decoder finds identical", async () => {
    const instances = await instancesOf("MR");
    expect(instances).toHaveLength(24);
    for (const { path, number } of instances) {
      const response = await stack.fetch(`${path}/frames/1`, { headers: { Accept: HTJ2K } });
      expect(response.status).toBe(200);
      const contentType = response.headers.get("content-type") ?? "";
      const [part, ...others] = partsOf(contentType, Buffer.from(await response.arrayBuffer()));
      expect(others).toEqual([]);
      expect(part?.headers).toMatch(
        /^Content-Type: image\/jphc; transfer-syntax=1\.2\.840\.10008\.1\.2\.4\.202$/m,
      );
      expect(part?.body.subarray(0, 2).toString("hex")).toBe("ff4f");
      expect(part?.body.byteLength).toBeLessThan(FRAME_BYTES);
      const original = pixelsOf(files[number - 1]?.bytes);
      expect(Buffer.compare(await decodeIndependently(part?.body ?? Buffer.alloc(0)), original)).toBe(0);
    }
  });

  test("is served single-part when asked, and uncompressed when asked", async () => {
    const [instance] = await instancesOf("MR");
    const single = await stack.fetch(`${instance?.path ?? ""}/frames/1`, {
      headers: { Accept: "image/jphc" },
    });
    expect(single.headers.get("content-type")).toBe("image/jphc; transfer-syntax=1.2.840.10008.1.2.4.202");
    expect(
      Buffer.from(await single.arrayBuffer())
        .subarray(0, 2)
        .toString("hex"),
    ).toBe("ff4f");
    const raw = await stack.fetch(`${instance?.path ?? ""}/frames/1`, {
      headers: { Accept: "multipart/related; type=application/octet-stream" },
    });
    expect(raw.status).toBe(200);
    const [part] = partsOf(raw.headers.get("content-type") ?? "", Buffer.from(await raw.arrayBuffer()));
    expect(
      Buffer.compare(part?.body ?? Buffer.alloc(0), pixelsOf(files[(instance?.number ?? 1) - 1]?.bytes)),
    ).toBe(0);
    const beyond = await stack.fetch(`${instance?.path ?? ""}/frames/2`, { headers: { Accept: HTJ2K } });
    expect(beyond.status).toBe(404);
  });

  test("ends with one SEG and one SR in Orthanc, in the same study", async () => {
    expect(await instancesOf("SEG")).toHaveLength(1);
    expect(await instancesOf("SR")).toHaveLength(1);
    const details = await stack.json<Details>(`/api/studies/${studyInstanceUid}`);
    expect(details.analysis).toBe("succeeded");
    expect(details.results).toHaveLength(1);
    expect(details.results[0]?.segments[0]?.volumeMl).toBeGreaterThan(0);
  });

  test("ends with Patient, ImagingStudy, Observation and DiagnosticReport, once each", async () => {
    const [patients, studies, observations, reports] = await Promise.all([
      stack.fhir<Patient>("Patient"),
      stack.fhir<ImagingStudy>("ImagingStudy"),
      stack.fhir<Observation>("Observation"),
      stack.fhir<DiagnosticReport>("DiagnosticReport"),
    ]);
    expect([patients.length, studies.length, reports.length]).toEqual([1, 1, 1]);
    expect(patients[0]?.name?.map(({ text }) => text)).toContain("홍길동");
    expect(studies[0]?.identifier?.[0]?.value).toBe(`urn:oid:${studyInstanceUid}`);
    expect(studies[0]).toMatchObject({
      numberOfSeries: 3,
      numberOfInstances: 26,
    });
    expect(studies[0]?.subject.reference).toBe(`Patient/${patients[0]?.id ?? ""}`);
    expect(reports[0]?.conclusion).toContain("Demonstration, not for clinical use");
    // Volume, longest diameter and mean intensity of the one segment, each once, all in the report.
    expect(reports[0]?.result?.map(({ reference }) => reference).sort()).toEqual(
      observations.map(({ id }) => `Observation/${id ?? ""}`).sort(),
    );
    const details = await stack.json<Details>(`/api/studies/${studyInstanceUid}`);
    const [segment] = details.results[0]?.segments ?? [];
    const values = observations.map(({ valueQuantity }) => [valueQuantity?.code, valueQuantity?.value]);
    expect(new Map(values as [string, number][])).toEqual(
      new Map([
        ["mL", segment?.volumeMl],
        ["mm", segment?.longestDiameterMm],
        ["1", segment?.meanIntensity.value],
      ]),
    );
  });

  test("changes nothing when it is sent again", async () => {
    const before = events.events.length;
    await stack.storeOverDicom(files);
    // Something new behind it in Orthanc's change log: when it has arrived, so has everything before it.
    const other = createDemoStudy({
      seed: 99,
      slices: 1,
      patient: { name: "Other^Patient", id: "OTHER", birthDate: "19800101", sex: "F" },
    });
    await stack.storeOverDicom(other);
    await events.until("other patient's image", () =>
      events.events
        .slice(before)
        .some(
          ({ event, studyInstanceUid: study }) => event === "instance.rendered" && study !== studyInstanceUid,
        ),
    );
    expect(
      events.events.slice(before).filter(({ studyInstanceUid: study }) => study === studyInstanceUid),
    ).toEqual([]);
    expect(await instancesOf("SEG")).toHaveLength(1);
  });
});

async function instancesOf(modality: string): Promise<{ path: string; number: number }[]> {
  const series = await stack.json<DicomJson[]>(
    `/dicom-web/studies/${studyInstanceUid}/series?Modality=${modality}`,
  );
  const all = await Promise.all(
    series.map(async (attributes) => {
      const path = `/dicom-web/studies/${studyInstanceUid}/series/${first(attributes, "0020000E")}/instances`;
      const instances = await stack.json<DicomJson[]>(path);
      return instances.map((instance) => ({
        path: `${path}/${first(instance, "00080018")}`,
        number: Number(first(instance, "00200013")),
      }));
    }),
  );
  return all.flat().sort((a, b) => a.number - b.number);
}

function first(attributes: DicomJson, tag: string): string {
  return String(attributes[tag]?.Value?.[0]);
}

/** The demo study's Pixel Data is its last element: the pixels are the file's last bytes. */
function pixelsOf(file: Uint8Array | undefined): Buffer {
  return Buffer.from(file ?? []).subarray(-FRAME_BYTES);
}
