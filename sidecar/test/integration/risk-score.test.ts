import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createDemoCt } from "../../src/phantom/demo-ct.js";
import type { EventRecorder } from "../stack/event-recorder.js";
import { RunningStack } from "../stack/running-stack.js";
import { dciodvfy } from "../validators/dciodvfy.js";

interface Stored {
  readonly seriesInstanceUid: string;
  readonly sopInstanceUid: string;
}
interface Details {
  readonly results: readonly {
    readonly model: { readonly name: string; readonly notice: string };
    readonly scores: readonly { readonly value: number; readonly band: { readonly label: string } }[];
    readonly report: Stored;
    readonly attention?: Stored;
    readonly segmentation?: Stored;
  }[];
}

let stack: RunningStack;
let events: EventRecorder;
let directory: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "neuronova-score-"));
  stack = await RunningStack.start({
    sidecarProcesses: [["api", "transcoding", "delivery"], ["inference"]],
    settings: { NEURONOVA_STABLE_AFTER_SECONDS: "0.5" },
  });
  events = await stack.events();
});

afterAll(async () => {
  events.close();
  await stack.stop();
  await rm(directory, { recursive: true, force: true });
});

async function problemsOf(study: string, { seriesInstanceUid, sopInstanceUid }: Stored): Promise<string[]> {
  const [id] = await stack.orthancJson<string[]>("/tools/find", {
    method: "POST",
    body: JSON.stringify({
      Level: "Instance",
      Query: {
        StudyInstanceUID: study,
        SeriesInstanceUID: seriesInstanceUid,
        SOPInstanceUID: sopInstanceUid,
      },
    }),
  });
  const path = join(directory, `${sopInstanceUid}.dcm`);
  const file = await stack.orthanc(`/instances/${id ?? ""}/file`);
  await writeFile(path, new Uint8Array(await file.arrayBuffer()));
  return [...dciodvfy(path).errors];
}

test("a head CT comes back with its score, its band and where the model looked, as valid objects", async () => {
  const files = createDemoCt({ slices: 12, rows: 128, columns: 128 });
  const study = files[0]?.studyInstanceUid ?? "";
  for (const { fileName, bytes } of files.slice(0, 1)) {
    const path = join(directory, fileName);
    await writeFile(path, bytes);
    expect(dciodvfy(path).errors).toEqual([]);
  }
  await stack.storeOverDicom(files);
  await events.until("analysis", () => events.of("analysis.succeeded", study).length === 1);
  const { results } = await stack.json<Details>(`/api/studies/${study}`);
  expect(results).toHaveLength(1);
  const [result] = results;
  expect(result?.model).toMatchObject({ name: "stroke_risk", notice: "Demonstration, not for clinical use" });
  expect(result?.scores).toMatchObject([{ name: "stroke", range: [0, 1], band: { label: "High" } }]);
  expect(result).not.toHaveProperty("segmentation");
  if (result?.attention === undefined) throw new Error("the model looked nowhere");
  expect(await problemsOf(study, result.attention)).toEqual([]);
  expect(await problemsOf(study, result.report)).toEqual([]);
});
