import fc from "fast-check";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect } from "vitest";
import type { OrthancId } from "../../src/dicom/uid.js";
import { sendProblem } from "../../src/error-response.js";
import { createLogger } from "../../src/log.js";
import { createDemoStudy } from "../../src/phantom/demo-study.js";
import { Spool } from "../../src/stow-rs/spool.js";
import { storeInstances } from "../../src/stow-rs/store-instances.js";
import { fuzz } from "./fuzz.js";
import { administrator, ask, expectDocumented, listening } from "./in-process.js";
import { mutated } from "./mutation.js";

const [file = { bytes: new Uint8Array(), sopInstanceUid: "" }] = createDemoStudy({
  seed: 5,
  slices: 1,
  rows: 16,
  columns: 16,
});
const directory = mkdtempSync(join(tmpdir(), "neuronova-fuzz-"));
const spool = new Spool(directory);
await spool.prepare();
const log = createLogger("silent", "fuzz");
const faults: unknown[] = [];
log.error = (...told: unknown[]) => void faults.push(told);

const store = storeInstances({
  directory: {
    byUid: () => Promise.resolve([]),
    byOrthancId: () => Promise.resolve(null),
    labels: () => Promise.resolve([]),
    uidsWithin: () => Promise.resolve([]),
  },
  // An archive that takes whatever says whose it is.
  store: {
    store: async ({ size, stream }) => {
      let bytes = 0;
      for await (const chunk of stream() as AsyncIterable<Buffer>) bytes += chunk.byteLength;
      expect(bytes).toBe(size);
      return { outcome: "stored", orthancId: "i" as OrthancId, studyId: "s" as OrthancId };
    },
    remove: () => Promise.resolve(),
    identify: () =>
      Promise.resolve({
        sopClassUid: "1",
        sopInstanceUid: file.sopInstanceUid,
        studyInstanceUid: file.sopInstanceUid,
        seriesInstanceUid: file.sopInstanceUid,
      } as never),
  },
  spool,
  log,
  limits: {
    largestInstance: 100_000,
    largestRequest: 300_000,
    instancesPerRequest: 10,
    requestsPerMinute: 1_000_000,
    bytesPerMinute: 100_000_000_000,
    atOnce: 16,
  },
});
const { server, port } = await listening((request, response) => {
  store(administrator, undefined, request, response, () => undefined).catch((error: unknown) =>
    sendProblem(response, error, log),
  );
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
  rmSync(directory, { recursive: true });
});

const CONTENT_TYPE = 'multipart/related; type="application/dicom"; boundary=xyz';
const part = Buffer.concat([
  Buffer.from("--xyz\r\nContent-Type: application/dicom\r\n\r\n"),
  file.bytes,
  Buffer.from("\r\n"),
]);
const end = Buffer.from("--xyz--");
const whole = [Buffer.concat([part, end]), Buffer.concat([part, part, part, end])];
const lines = fc
  .array(
    fc.constantFrom("--xyz", "--xyz--", "--xyz ", "", "\r", "-", "Content-Type: application/dicom", "DICM"),
    {
      maxLength: 40,
    },
  )
  .map((each) => Buffer.from(each.join("\r\n")));
const body = fc.oneof(mutated(whole), lines, fc.uint8Array({ maxLength: 500 }), fc.constantFrom(...whole));
const headerText = (bytes: Uint8Array) =>
  Buffer.from(bytes)
    .toString("latin1")
    .replace(/[^\x20-\x7e]/g, "");
const contentType = fc.oneof(
  fc.constant(CONTENT_TYPE),
  fc.constant(CONTENT_TYPE),
  mutated([Buffer.from(CONTENT_TYPE)]).map(headerText),
);
const accept = fc.oneof(
  fc.constant("application/dicom+json"),
  mutated([Buffer.from('multipart/related; type="application/dicom+xml";q=0.5, */*;q=0.1')]).map(headerText),
);

fuzz(
  "any upload is answered with what was stored, or a documented problem; a good one after it is stored",
  fc.tuple(body, contentType, accept),
  async ([bytes, type, accepted]) => {
    const headers = { "Content-Type": type, Accept: accepted };
    expectDocumented(await ask(port, { method: "POST", path: "/dicom-web/studies", headers, body: bytes }));
    expect(faults).toEqual([]);
    const good = { "Content-Type": CONTENT_TYPE, Accept: "application/dicom+json" };
    const [one = end] = whole;
    const after = await ask(port, { method: "POST", path: "/dicom-web/studies", headers: good, body: one });
    expect(after.status).toBe(200);
  },
);
