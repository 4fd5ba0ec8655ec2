import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createDemoStudy, type DemoFile } from "../../src/phantom/demo-study.js";
import type { EventRecorder } from "../stack/event-recorder.js";
import { python } from "../stack/pydicom.js";
import { RunningStack } from "../stack/running-stack.js";
import { dciodvfy } from "../validators/dciodvfy.js";
import { readSegmentation } from "../validators/read-back.js";

const NAME = "Hong^Gildong=洪^吉洞=홍^길동";
/** Writes each file again with its text in another character set. */
const RECODE = `
import sys, pydicom
for path in sys.argv[1:]:
    dataset = pydicom.dcmread(path)
    dataset.decode()
    dataset.SpecificCharacterSet = ["", "ISO 2022 IR 149"]
    dataset.save_as(path)
`;

let stack: RunningStack;
let events: EventRecorder;
let directory: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "neuronova-korean-"));
  stack = await RunningStack.start();
  events = await stack.events();
});

afterAll(async () => {
  events.close();
  await stack.stop();
  await rm(directory, { recursive: true, force: true });
});

async function save(fileName: string, bytes: Uint8Array): Promise<string> {
  const path = join(directory, fileName);
  await writeFile(path, bytes);
  return path;
}

async function recoded(files: readonly DemoFile[]): Promise<{ fileName: string; bytes: Uint8Array }[]> {
  const paths = await Promise.all(files.map(({ fileName, bytes }) => save(fileName, bytes)));
  await python(RECODE, "", ...paths);
  return Promise.all(
    files.map(async ({ fileName }, index) => ({ fileName, bytes: await readFile(paths[index] ?? "") })),
  );
}

describe("the results of a Korean patient's images", () => {
  test.each([
    ["in UTF-8", 1, (files: readonly DemoFile[]) => Promise.resolve(files)],
    ["in ISO 2022 IR 149", 2, recoded],
  ] as const)("%s carry the name in all its writings", async (_, number, encode) => {
    const files = createDemoStudy({
      seed: 20 + number,
      rows: 64,
      columns: 64,
      lesion: { centreMm: [32, -14, 22], radiusMm: 15 },
      patient: { name: NAME, id: `KOREAN-${number}`, birthDate: "19700101", sex: "M" },
    });
    const sent = await encode(files);
    expect(Buffer.from(sent[0]?.bytes ?? []).includes("홍^길동")).toBe(number === 1);
    await stack.storeOverDicom(sent);
    const study = files[0]?.studyInstanceUid ?? "";
    await events.until("analysis", () => events.of("analysis.succeeded", study).length === 1);

    for (const modality of ["SEG", "SR"]) {
      const [instance] = await stack.orthancJson<string[]>("/tools/find", {
        method: "POST",
        body: JSON.stringify({ Level: "Instance", Query: { StudyInstanceUID: study, Modality: modality } }),
      });
      const response = await stack.orthanc(`/instances/${instance ?? ""}/file`);
      const path = await save(`${modality}-${number}.dcm`, new Uint8Array(await response.arrayBuffer()));
      expect(dciodvfy(path).errors).toEqual([]);
      expect((await readFile(path)).includes(NAME)).toBe(true);
      if (modality === "SEG") expect((await readSegmentation(path)).patientName).toBe(NAME);
    }
  });
});
