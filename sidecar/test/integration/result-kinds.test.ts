import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { derivedUid } from "../../src/dicom/uid.js";
import { assembleVolume } from "../../src/inference/volume.js";
import { axialGrid } from "../../src/phantom/acquire.js";
import { reportContent } from "../../src/report-document/report-content.js";
import type { WrittenInstance } from "../../src/segmentation/result-context.js";
import { writeFractionalSegmentation } from "../../src/segmentation/write-fractional-segmentation.js";
import { writeSegmentation } from "../../src/segmentation/write-segmentation.js";
import { HOUNSFIELD_UNIT, type MeasuredSegment } from "../../src/structured-report/measured-segment.js";
import type { RiskScore } from "../../src/structured-report/risk-score.js";
import { writeReport, type ReportInput } from "../../src/structured-report/write-report.js";
import { dcentvfy, dciodvfy } from "../validators/dciodvfy.js";
import { dataSetOf } from "../validators/orthanc-tags.js";
import { phantomSeries } from "../validators/phantom-series.js";
import { pixelmedSrValidator } from "../validators/pixelmed.js";
import { TEST_ALGORITHM, testSegment } from "../validators/test-algorithm.js";
import { python } from "../stack/pydicom.js";

const VALID = { errors: [], warnings: [] };
/**
 * What dciodvfy of 2022 says of an SR that is right: it knows the Device UID of Contributing Equipment not yet, and no
 * private coding scheme.
 */
const KNOWN_WARNING = /99NEURONOVA|Device UID|Standard Extended SOP Class/;
const [ROWS, COLUMNS] = [33, 35];
const phantom = phantomSeries({ grid: axialGrid(4, ROWS, COLUMNS) });
const geometry = assembleVolume(phantom.instances);
const references = geometry.slices.map(({ positionMm, sopInstanceUid }) => ({
  positionMm,
  sopInstanceUid,
  sopClassUid: "1.2.840.10008.5.1.4.1.1.4",
}));

const image = phantom.instances[0]?.dataSet;
if (image === undefined) throw new RangeError("a series has slices");
const common = {
  sourceSeriesInstanceUid: phantom.series.seriesInstanceUid,
  image,
  algorithm: TEST_ALGORITHM,
  createdAt: new Date("2025-03-02T03:04:05Z"),
};
const seg = {
  ...common,
  seriesInstanceUid: derivedUid("test", "seg series"),
  sopInstanceUid: derivedUid("test", "seg"),
};

const RISK: RiskScore = {
  name: "stroke_risk",
  title: "Risk of stroke",
  code: { value: "STROKERISK", scheme: "99NEURONOVA", meaning: "Risk of stroke" },
  value: 0.7312,
  range: [0, 1],
  meaning: "0 is no sign of a stroke, 1 is certain signs",
  band: { code: { value: "15508007", scheme: "SCT", meaning: "High risk" }, label: "high risk" },
};

function report(input: Partial<ReportInput>): WrittenInstance {
  return writeReport({
    ...common,
    seriesInstanceUid: derivedUid("test", "sr series"),
    sopInstanceUid: derivedUid("test", "sr"),
    images: references,
    procedure: { value: "25056-3", scheme: "LN", meaning: "MRI unspecified body region" },
    targetRegion: { value: "69536005", scheme: "SCT", meaning: "Head" },
    segments: [],
    scores: [],
    segmentation: undefined,
    attention: undefined,
    ...input,
  });
}

let directory: string;
beforeAll(async () => void (directory = await mkdtemp(join(tmpdir(), "neuronova-kinds-"))));
afterAll(() => rm(directory, { recursive: true, force: true }));

async function save(name: string, bytes: Uint8Array): Promise<string> {
  const path = join(directory, `${name}.dcm`);
  await writeFile(path, bytes);
  return path;
}

const READ_FRACTIONS = `
import json, sys, numpy, pydicom
ds = pydicom.dcmread(sys.argv[1])
pixels = ds.pixel_array.reshape(-1, ds.Rows, ds.Columns)
print(json.dumps({
  "type": [ds.SegmentationType, ds.SegmentationFractionalType, int(ds.MaximumFractionalValue), ds.SegmentsOverlap],
  "frames": [{
    "segment": int(g.SegmentIdentificationSequence[0].ReferencedSegmentNumber),
    "source": str(g.DerivationImageSequence[0].SourceImageSequence[0].ReferencedSOPInstanceUID),
    "pixels": pixels[i].ravel().tolist(),
  } for i, g in enumerate(ds.PerFrameFunctionalGroupsSequence)],
}))
`;
interface ReadFractions {
  readonly type: readonly unknown[];
  readonly frames: { readonly segment: number; readonly source: string; readonly pixels: number[] }[];
}

describe("a fractional segmentation", () => {
  const overlapping = references.map((plane, z) => ({
    ...plane,
    // Segment 1 in every plane but the last, segment 2 in the first alone, over part of segment 1.
    fractions: Uint8Array.from({ length: ROWS * COLUMNS * 2 }, (_, at) => {
      const [pixel, channel] = [at >> 1, at & 1];
      if (z === 3 || (channel === 1 && z > 0)) return 0;
      return channel === 0 ? pixel % 256 : pixel % 7 === 0 ? 255 : 0;
    }),
  }));
  const segments = [testSegment(1, "attention"), testSegment(2, "certainty")];

  test("is valid, and pydicom reads every probability back where it was", async () => {
    const written = writeFractionalSegmentation({
      ...seg,
      segments,
      fractionMap: { ...geometry, planes: overlapping },
    });
    const path = await save("fractional", written.bytes);
    expect(dciodvfy(path)).toEqual(VALID);
    const read = JSON.parse(await python(READ_FRACTIONS, "", path)) as ReadFractions;
    expect(read.type).toEqual(["FRACTIONAL", "PROBABILITY", 255, "YES"]);
    expect(read.frames.map((frame) => [frame.segment, frame.source])).toEqual([
      ...[0, 1, 2].map((z) => [1, references[z]?.sopInstanceUid]),
      [2, references[0]?.sopInstanceUid],
    ]);
    read.frames.forEach(({ segment: number, pixels }, index) => {
      const { fractions } = overlapping[number === 1 ? index : 0] ?? { fractions: new Uint8Array() };
      expect(pixels).toEqual([...fractions].filter((_, at) => at % 2 === number - 1));
    });
  });

  test("without a fraction above 0, or with planes of another size, is not written", () => {
    const planes = (length: number) =>
      references.map((plane) => ({ ...plane, fractions: new Uint8Array(length) }));
    const write = (length: number) =>
      writeFractionalSegmentation({
        ...seg,
        segments: [testSegment(1, "attention")],
        fractionMap: { ...geometry, planes: planes(length) },
      });
    expect(() => write(ROWS * COLUMNS)).toThrow(/at least one frame/);
    expect(() => write(ROWS * COLUMNS - 1)).toThrow(/rows × columns/);
  });
});

describe("a binary segmentation of several segments", () => {
  const labelled = references.map((plane, z) => ({
    ...plane,
    labels: Uint8Array.from({ length: ROWS * COLUMNS }, (_, at) => (at < 40 ? (z < 2 ? 3 : 1) : 0)),
  }));

  test("describes the one that nothing was found of, and says that none overlap", async () => {
    const written = writeSegmentation({
      ...seg,
      segments: [testSegment(1, "core"), testSegment(2, "oedema"), testSegment(3, "necrosis")],
      labelMap: { ...geometry, planes: labelled },
    });
    const path = await save("several", written.bytes);
    expect(dciodvfy(path)).toEqual(VALID);
  });

  test("has no gap in its segment numbers", () => {
    const write = () =>
      writeSegmentation({
        ...seg,
        segments: [testSegment(1, "core"), testSegment(3, "necrosis")],
        labelMap: { ...geometry, planes: labelled },
      });
    expect(write).toThrow(/numbered 1, 2, 3/);
  });
});

describe("a report", () => {
  const measured: MeasuredSegment = {
    ...testSegment(1, "lesion"),
    volumeMl: 12.3456,
    longestDiameterMm: 31.4567,
    meanIntensity: { value: 34.5678, unit: HOUNSFIELD_UNIT },
    meanProbability: 0.9,
  };

  test("of a score alone says its range, what it means, and where the model looked", async () => {
    const planes = references.map((plane) => ({
      ...plane,
      fractions: new Uint8Array(ROWS * COLUMNS).fill(9),
    }));
    const attention = writeFractionalSegmentation({
      ...seg,
      segments: [testSegment(1, "attention")],
      fractionMap: { ...geometry, planes },
    });
    const sr = await save("score", report({ scores: [RISK], attention }).bytes);
    expect(dciodvfy(sr).errors).toEqual([]);
    expect(dciodvfy(sr).warnings.filter((warning) => !KNOWN_WARNING.test(warning))).toEqual([]);
    const { errors, warnings } = pixelmedSrValidator(sr);
    expect(errors).toEqual([]);
    // TID 1501 is extensible: by what the score means, and by its band.
    expect(warnings.filter((warning) => !/(CODE|TEXT).*Content Item not in template$/.test(warning))).toEqual(
      [],
    );
    const attentionPath = await save("attention", attention.bytes);
    const images = await Promise.all(phantom.files.map((file) => save(file.fileName, file.bytes)));
    expect(dcentvfy([attentionPath, ...images])).toEqual(VALID);
    // With the SR it warns of where its own tables put the Accession Number.
    expect(dcentvfy([sr, attentionPath, ...images]).errors).toEqual([]);
    const read = JSON.parse(await python(READ_ITEMS, "", sr)) as string[];
    expect(read).toContain("NUM Risk of stroke 0.731 {0:1} range: 0:1");
    expect(read).toContain("CODE Risk of stroke High risk");
    // As the PDF for charts that show no SR says it.
    expect(reportContent(dataSetOf(await readFile(sr))).findings).toMatchObject([
      {
        title: RISK.title,
        finding: "High risk",
        measurements: [{ name: "Risk of stroke", value: "0.731", unit: "range: 0:1" }],
      },
    ]);
    expect(read).toContain(`IMAGE Visual explanation ${attention.sopInstanceUid} 1`);
    expect(read).toContain(
      "TEXT Comment From 0 to 1: 0 is no sign of a stroke, 1 is certain signs. Here: high risk. Demonstration, not for clinical use",
    );
  });

  test("of a segment says its volume, longest diameter and mean attenuation", async () => {
    const segmentation = writeSegmentation({
      ...seg,
      segments: [testSegment(1, "lesion")],
      labelMap: {
        ...geometry,
        planes: references.map((plane) => ({
          ...plane,
          labels: new Uint8Array(ROWS * COLUMNS).fill(1),
        })),
      },
    });
    const sr = await save("segment", report({ segments: [measured], segmentation }).bytes);
    expect(dciodvfy(sr).errors).toEqual([]);
    expect(dciodvfy(sr).warnings.filter((warning) => !KNOWN_WARNING.test(warning))).toEqual([]);
    expect(pixelmedSrValidator(sr)).toEqual(VALID);
    const read = JSON.parse(await python(READ_ITEMS, "", sr)) as string[];
    expect(read).toContain("NUM Volume 12.346 mL mL");
    expect(read).toContain("NUM Diameter 31.457 mm mm");
    expect(read).toContain("NUM Attenuation Coefficient 34.568 [hnsf'U] Hounsfield unit");
    expect(read).toContain("CODE Derivation Maximum");
    expect(read).toContain("CODE Derivation Mean");
  });

  test("names the algorithm, its device, the language, and that nobody has verified it", async () => {
    const digest = (file: string) => ({ ...TEST_ALGORITHM, digest: file.repeat(64) });
    const [one, other] = await Promise.all(
      ["a", "b"].map(async (file) => {
        const sr = await save(`device-${file}`, report({ scores: [RISK], algorithm: digest(file) }).bytes);
        return JSON.parse(await python(READ_DEVICE, "", sr)) as Device;
      }),
    );
    expect(one).toMatchObject({
      manufacturer: TEST_ALGORITHM.source,
      model: TEST_ALGORITHM.title,
      version: TEST_ALGORITHM.version,
      language: "en-US",
      verification: "UNVERIFIED",
      schemes: ["99NEURONOVA"],
    });
    expect(one?.observerUid).toBe(one?.contributingUid);
    expect(other?.contributingUid).not.toBe(one?.contributingUid);
  });

  test("of nothing is not written, nor of a score outside its range", () => {
    expect(() => report({})).toThrow(TypeError);
    expect(() => report({ scores: [{ ...RISK, value: 1.01 }] })).toThrow(RangeError);
    expect(() => report({ scores: [{ ...RISK, value: Number.NaN }] })).toThrow(RangeError);
  });
});

/** Every content item as one line: value type, concept, value. */
const READ_ITEMS = `
import json, sys, pydicom
lines = []
def walk(items):
    for item in items:
        name = item.ConceptNameCodeSequence[0].CodeMeaning if "ConceptNameCodeSequence" in item else ""
        value = ""
        if item.ValueType == "NUM":
            measured = item.MeasuredValueSequence[0]
            unit = measured.MeasurementUnitsCodeSequence[0]
            value = f"{measured.NumericValue} {unit.CodeValue} {unit.CodeMeaning}"
        elif item.ValueType == "CODE":
            value = item.ConceptCodeSequence[0].CodeMeaning
        elif item.ValueType == "TEXT":
            value = item.TextValue
        elif item.ValueType == "IMAGE":
            reference = item.ReferencedSOPSequence[0]
            value = f"{reference.ReferencedSOPInstanceUID} {reference.get('ReferencedSegmentNumber', '')}"
        lines.append(f"{item.ValueType} {name} {value}")
        walk(item.get("ContentSequence", []))
walk(pydicom.dcmread(sys.argv[1]).ContentSequence)
print(json.dumps(lines))
`;

const READ_DEVICE = `
import json, sys, pydicom
ds = pydicom.dcmread(sys.argv[1])
item = lambda meaning: next(i for i in ds.ContentSequence if i.ConceptNameCodeSequence[0].CodeMeaning == meaning)
equipment = ds.ContributingEquipmentSequence[0]
print(json.dumps({
    "manufacturer": equipment.Manufacturer, "model": equipment.ManufacturerModelName,
    "version": equipment.SoftwareVersions, "contributingUid": equipment.DeviceUID,
    "observerUid": item("Device Observer UID").UID,
    "language": item("Language of Content Item and Descendants").ConceptCodeSequence[0].CodeValue,
    "verification": ds.VerificationFlag,
    "schemes": [i.CodingSchemeDesignator for i in ds.CodingSchemeIdentificationSequence],
}))
`;
interface Device {
  readonly contributingUid: string;
  readonly observerUid: string;
}
