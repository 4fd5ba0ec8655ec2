import { expect, test } from "vitest";
import type { DicomJson } from "../imaging/dicom-json.js";
import { readReport } from "./report.js";

type Json = Record<string, { vr: string; Value?: unknown[] }>;
const text = (vr: string, value: string | number) => ({ vr, Value: [value] });
const sequence = (...items: Json[]) => ({ vr: "SQ", Value: items });
const concept = (scheme: string, value: string, meaning: string) =>
  sequence({
    "00080100": text("SH", value),
    "00080102": text("SH", scheme),
    "00080104": text("LO", meaning),
  });

function item(
  relationship: string,
  type: string,
  name: ReturnType<typeof concept> | undefined,
  rest: Json = {},
) {
  return {
    "0040A010": text("CS", relationship),
    "0040A040": text("CS", type),
    ...(name === undefined ? {} : { "0040A043": name }),
    ...rest,
  };
}
const number = (name: ReturnType<typeof concept>, value: number, unit: string, ...children: Json[]) =>
  item("CONTAINS", "NUM", name, {
    "0040A300": sequence({ "0040A30A": text("DS", value), "004008EA": concept("UCUM", unit, unit) }),
    ...(children.length === 0 ? {} : { "0040A730": sequence(...children) }),
  });
const code = (relationship: string, name: ReturnType<typeof concept>, value: ReturnType<typeof concept>) =>
  item(relationship, "CODE", name, { "0040A168": value });
const container = (relationship: string, name: ReturnType<typeof concept>, ...children: Json[]) =>
  item(relationship, "CONTAINER", name, { "0040A730": sequence(...children) });
const image = (uid: string, frame?: number) =>
  item("CONTAINS", "IMAGE", undefined, {
    "00081199": sequence({
      "00081155": text("UI", uid),
      ...(frame === undefined ? {} : { "00081160": text("IS", frame) }),
    }),
  });

function reportOf(...children: Json[]): DicomJson {
  return {
    "00080018": text("UI", "1.2.3"),
    "0040A493": text("CS", "UNVERIFIED"),
    ...container("", concept("DCM", "126000", "Imaging Measurement Report"), ...children),
    "0040A375": sequence({
      "00081115": sequence({
        "0020000E": text("UI", "1.2.9"),
        "00081199": sequence({ "00081155": text("UI", "1.2.9.1") }),
      }),
    }),
  };
}

const LENGTH = concept("SCT", "410668003", "Length");
const GROUP = concept("DCM", "125007", "Measurement Group");
const FINDING_SITE = concept("SCT", "363698007", "Finding Site");

test("a measurement group says what was measured where, by whom, how, and on which image", () => {
  const report = readReport(
    reportOf(
      code("HAS OBS CONTEXT", concept("DCM", "121005", "Observer Type"), concept("DCM", "121006", "Person")),
      item("HAS OBS CONTEXT", "PNAME", concept("DCM", "121008", "Person Observer Name"), {
        "0040A123": { vr: "PN", Value: [{ Alphabetic: "Lee^Jun" }] },
      }),
      container(
        "CONTAINS",
        GROUP,
        item("HAS OBS CONTEXT", "TEXT", concept("DCM", "112039", "Tracking Identifier"), {
          "0040A160": text("UT", "Nodule 1"),
        }),
        code("CONTAINS", concept("DCM", "121071", "Finding"), concept("SCT", "27925004", "Nodule")),
        code("HAS CONCEPT MOD", FINDING_SITE, concept("SCT", "39607008", "Lung")),
        code("CONTAINS", concept("99X", "M", "Malignancy"), concept("99X", "L", "Low")),
        image("1.2.9.1", 3),
        number(
          LENGTH,
          12.5,
          "mm",
          code(
            "HAS CONCEPT MOD",
            concept("SCT", "370129005", "Measurement Method"),
            concept("99X", "R", "RECIST"),
          ),
        ),
      ),
    ),
  );
  expect(report).toMatchObject({ sopInstanceUid: "1.2.3", verification: "UNVERIFIED", problem: undefined });
  expect(report.seriesOf.get("1.2.9.1")).toBe("1.2.9");
  expect(report.groups).toEqual([
    {
      title: "Nodule 1",
      trackingUid: undefined,
      finding: "Nodule",
      site: "Lung",
      observer: { kind: "person", name: "Lee^Jun" },
      measurements: [
        {
          name: "Length",
          value: "12.5",
          unit: { value: "mm", scheme: "UCUM", meaning: "mm" },
          qualifier: undefined,
          modifiers: [{ name: "Measurement Method", value: "RECIST" }],
          references: [],
        },
      ],
      evaluations: [{ name: "Malignancy", value: "Low" }],
      comments: [],
      references: [{ sopInstanceUid: "1.2.9.1", frameNumbers: [3], segmentNumbers: [] }],
    },
  ]);
});

test("numbers of other templates are found in whatever sections they lie, with the site of the section", () => {
  const { groups } = readReport(
    reportOf(
      container(
        "CONTAINS",
        concept("DCM", "121070", "Findings"),
        code(
          "HAS CONCEPT MOD",
          concept("SRT", "G-C0E3", "Finding Site"),
          concept("SRT", "T-32600", "Left Ventricle"),
        ),
        container("CONTAINS", concept("LN", "X", "2D"), number(concept("LN", "18083-6", "LVIDs"), 3.1, "cm")),
      ),
    ),
  );
  expect(groups.map(({ title, site, observer }) => [title, site, observer])).toEqual([
    ["2D", "Left Ventricle", undefined],
  ]);
  expect(groups[0]?.measurements[0]).toMatchObject({ name: "LVIDs", value: "3.1" });
});

test("a number without a value has none, and says why", () => {
  const { groups } = readReport(
    reportOf(
      container(
        "CONTAINS",
        GROUP,
        item("CONTAINS", "NUM", LENGTH, {
          "0040A300": { vr: "SQ" },
          "0040A301": concept("DCM", "114007", "Measurement not attempted"),
        }),
      ),
    ),
  );
  expect(groups[0]?.measurements[0]).toMatchObject({
    value: undefined,
    qualifier: "Measurement not attempted",
  });
});

test("a reference to another item leads to what it refers to, and a circle of them ends", () => {
  const coordinates = item("INFERRED FROM", "SCOORD", undefined, {
    "0040A730": sequence({
      "0040A010": text("CS", "SELECTED FROM"),
      "0040DB73": { vr: "UL", Value: [1, 1] },
    }),
  });
  const { groups } = readReport(
    reportOf(image("1.2.9.1"), container("CONTAINS", GROUP, number(LENGTH, 1, "mm", coordinates))),
  );
  expect(groups[0]?.measurements[0]?.references.map(({ sopInstanceUid }) => sopInstanceUid)).toEqual([
    "1.2.9.1",
  ]);
  const circle = item("INFERRED FROM", "TEXT", undefined, { "0040DB73": { vr: "UL", Value: [1] } });
  expect(
    readReport(reportOf(container("CONTAINS", GROUP, number(LENGTH, 1, "mm", circle)))).groups,
  ).toHaveLength(1);
});

test("what is no report, or has no end, is told of and not thrown", () => {
  expect(readReport({ "00080018": text("UI", "1.2.4") })).toMatchObject({
    problem: "not-a-report",
    groups: [],
  });
  let deep = container("CONTAINS", GROUP);
  for (let depth = 0; depth < 100; depth += 1) deep = container("CONTAINS", GROUP, deep);
  expect(readReport(reportOf(deep)).problem).toBe("too-deep");
  const nonsense = { ...reportOf(), "0040A730": { vr: "SQ", Value: ["no item", null, 7] } } as DicomJson;
  expect(readReport(nonsense).groups).toEqual([]);
});
