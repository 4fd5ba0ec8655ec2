import { createRequire } from "node:module";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createDemoStudy } from "../../src/phantom/demo-study.js";
import { RunningStack } from "../stack/running-stack.js";

interface Client {
  storeInstances(options: { datasets: ArrayBuffer[]; studyInstanceUID?: string }): Promise<unknown>;
  searchForStudies(options: { queryParams: object }): Promise<Record<string, { Value?: unknown[] }>[]>;
  searchForInstances(options: { studyInstanceUID: string }): Promise<object[]>;
  retrieveInstance(options: Record<string, string>): Promise<ArrayBuffer>;
  retrieveStudyMetadata(options: { studyInstanceUID: string }): Promise<object[]>;
  retrieveInstanceFrames(options: Record<string, unknown>): Promise<ArrayBuffer[]>;
}

const require = createRequire(import.meta.url);
const { api } = require("dicomweb-client") as {
  api: { DICOMwebClient: new (options: { url: string; headers: object }) => Client };
};

let stack: RunningStack;
let client: Client;

beforeAll(async () => {
  // The client is written for browsers.
  const browser = globalThis as { XMLHttpRequest?: unknown };
  browser.XMLHttpRequest = (require("xhr2") as { XMLHttpRequest: unknown }).XMLHttpRequest;
  stack = await RunningStack.start();
  const headers = { Authorization: `Bearer ${await stack.token()}` };
  client = new api.DICOMwebClient({ url: `${stack.local.address}/dicom-web`, headers });
});

afterAll(() => stack.stop());

test("dicomweb-client stores, finds and retrieves a study", async () => {
  const images = createDemoStudy({ seed: 9, slices: 3, rows: 32, columns: 32 });
  const { studyInstanceUid: studyInstanceUID = "", seriesInstanceUid: seriesInstanceUID = "" } =
    images[0] ?? {};
  const datasets = images.map(({ bytes }) => new Uint8Array(bytes).buffer);
  const events = await stack.events();
  await client.storeInstances({ datasets });
  await client.storeInstances({ datasets, studyInstanceUID });
  await events.until("renditions", () => events.of("instance.rendered", studyInstanceUID).length === 3);
  events.close();

  const found = await client.searchForStudies({ queryParams: { StudyInstanceUID: studyInstanceUID } });
  expect(found.map((attributes) => attributes["0020000D"]?.Value)).toEqual([[studyInstanceUID]]);
  expect(await client.searchForInstances({ studyInstanceUID })).toHaveLength(3);
  expect(await client.retrieveStudyMetadata({ studyInstanceUID })).toHaveLength(3);
  const [image] = images;
  const at = { studyInstanceUID, seriesInstanceUID, sopInstanceUID: image?.sopInstanceUid ?? "" };
  const kept = Buffer.from(await client.retrieveInstance(at));
  expect(kept.equals(Buffer.from(image?.bytes ?? []))).toBe(true);
  const [frame] = await client.retrieveInstanceFrames({ ...at, frameNumbers: [1] });
  expect(frame?.byteLength).toBe(32 * 32 * 2);
});
