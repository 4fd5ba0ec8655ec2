import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { createDemoStudy } from "../../../sidecar/src/phantom/demo-study.js";
import { chosenFile } from "./chosen-file.js";
import { Selection, isOfPatient } from "./selection.js";

const small = { slices: 2, rows: 16, columns: 16 };
const study = createDemoStudy({ seed: 11, ...small });
const other = createDemoStudy({
  seed: 12,
  ...small,
  patient: { name: "Lee^Suni", id: "OTHER", birthDate: "19800101", sex: "F" },
});

async function* files(...chosen: File[]) {
  await Promise.resolve();
  for (const file of chosen) yield chosenFile(file, file.name);
}
const fileOf = (bytes: BlobPart, name: string) => new File([bytes], name);
const never = new AbortController().signal;

/** By Python's zipfile, another program than the one that reads it. */
function zip(names: Readonly<Record<string, Uint8Array>>): Uint8Array<ArrayBuffer> {
  const directory = mkdtempSync(join(tmpdir(), "zip-"));
  try {
    const archive = join(directory, "archive.zip");
    for (const [name, bytes] of Object.entries(names)) writeFileSync(join(directory, name), bytes);
    execFileSync("python3", ["-m", "zipfile", "-c", archive, ...Object.keys(names)], { cwd: directory });
    return Uint8Array.from(readFileSync(archive));
  } finally {
    rmSync(directory, { recursive: true });
  }
}

test("files are sorted by study and patient; others are left out with the reason", async () => {
  const selection = new Selection(() => undefined);
  const [one, two] = study;
  await selection.add(
    files(
      fileOf(one?.bytes ?? "", "a"),
      fileOf(two?.bytes ?? "", "b"),
      fileOf(one?.bytes ?? "", "again"),
      fileOf(other[0]?.bytes ?? "", "c"),
      fileOf("plain text", "README.TXT"),
    ),
    never,
  );
  expect(
    [...selection.studies.values()].map(({ header, instances }) => [header.patientId, instances.length]),
  ).toEqual([
    ["DEMO-0001", 2],
    ["OTHER", 1],
  ]);
  expect(selection.patients).toBe(2);
  expect(selection.leftOut).toEqual([
    { path: "again", reason: "chosen-twice" },
    { path: "README.TXT", reason: "not-dicom" },
  ]);
  expect(selection.looked).toBe(5);
});

test("an archive is looked into, but not an archive within it; a damaged one says so", async () => {
  const inner = zip({ "x.txt": Buffer.from("x") });
  const archive = zip({
    "1.dcm": study[0]?.bytes ?? new Uint8Array(),
    "note.txt": Buffer.from("note"),
    "inner.zip": inner,
  });
  const selection = new Selection(() => undefined);
  await selection.add(
    files(fileOf(archive, "CD.zip"), fileOf(archive.subarray(0, archive.length / 2), "broken.zip")),
    never,
  );
  const [chosen] = selection.studies.values();
  expect(chosen?.instances.map(({ file }) => file.path)).toEqual(["CD.zip/1.dcm"]);
  const blob = await chosen?.instances[0]?.file.open();
  expect(new Uint8Array((await blob?.arrayBuffer()) ?? new ArrayBuffer())).toEqual(study[0]?.bytes);
  expect(selection.leftOut).toEqual([
    { path: "CD.zip/note.txt", reason: "not-dicom" },
    { path: "CD.zip/inner.zip", reason: "archive-in-archive" },
    { path: "broken.zip", reason: "archive-unreadable" },
  ]);
});

test("a file that does not say whose it is, is not of the page's patient", () => {
  const header = { patientId: undefined } as Parameters<typeof isOfPatient>[0];
  expect(isOfPatient(header, "DEMO-0001")).toBe(false);
  expect(isOfPatient(header, undefined)).toBe(true);
  expect(isOfPatient({ ...header, patientId: "DEMO-0001" }, "DEMO-0001")).toBe(true);
  expect(isOfPatient({ ...header, patientId: "demo-0001" }, "DEMO-0001")).toBe(false);
});
