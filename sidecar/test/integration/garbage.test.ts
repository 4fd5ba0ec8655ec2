import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createDemoStudy } from "../../src/phantom/demo-study.js";
import type { EventRecorder } from "../stack/event-recorder.js";
import { python } from "../stack/pydicom.js";
import { RunningStack } from "../stack/running-stack.js";

let stack: RunningStack;
let events: EventRecorder;
const [whole] = createDemoStudy({
  seed: 3,
  slices: 1,
  patient: { name: "Whole^File", id: "WHOLE", birthDate: "19800101", sex: "F" },
});

beforeAll(async () => {
  stack = await RunningStack.start();
  events = await stack.events();
});

afterAll(async () => {
  events.close();
  await stack.stop();
});

/** Nothing got stuck or crashed: a good image still goes all the way. */
async function expectHealth(): Promise<void> {
  const { restarts } = stack.local.processes["sidecar"] ?? { restarts: -1 };
  expect(restarts).toBe(0);
  const ready = await fetch(`${stack.local.address}/api/health/ready`);
  expect(ready.status).toBe(200);
  const { failures } = await stack.json<{ failures: unknown[] }>("/api/failures");
  expect(failures).toEqual([]);
}

describe("garbage", () => {
  test.each([
    ["no bytes at all", new Uint8Array()],
    ["a text file", new TextEncoder().encode("This is not a DICOM file.\n".repeat(20))],
    ["a file cut inside its header", whole?.bytes.subarray(0, 300) ?? new Uint8Array()],
    ["a preamble and nothing behind it", whole?.bytes.subarray(0, 132) ?? new Uint8Array()],
  ])("%s is refused by STOW-RS and does no harm", async (_name, bytes) => {
    const response = await stack.storeOverWeb([bytes]);
    expect(response.status).toBeGreaterThanOrEqual(400);
    await expectHealth();
  });

  test("a STOW-RS body that is no multipart is refused", async () => {
    const response = await stack.fetch("/dicom-web/studies", {
      method: "POST",
      headers: { "Content-Type": "text/plain" },
      body: "hello",
    });
    expect(response.status).toBeGreaterThanOrEqual(400);
    await expectHealth();
  });

  test("a DICOM file whose pixels are cut off ends refused or not renderable, for a reason", async () => {
    const bytes = whole?.bytes ?? new Uint8Array();
    const response = await stack.storeOverWeb([bytes.subarray(0, bytes.byteLength - 1_000)]);
    if (response.ok) {
      await events.until("end of the cut file", () => events.of("instance.not-renderable").length > 0, 30);
    } else expect(response.status).toBeGreaterThanOrEqual(400);
    await expectHealth();
  });

  test("a DICOM file without pixels is not renderable, because it has none", async () => {
    const bytes = Buffer.from(
      await python(
        `import pydicom, sys, base64, io
d = pydicom.dcmread(io.BytesIO(base64.b64decode(sys.stdin.read())))
d.SOPInstanceUID = d.file_meta.MediaStorageSOPInstanceUID = "1.2.826.0.1.3680043.8.498.77"
del d.PixelData
b = io.BytesIO(); d.save_as(b); print(base64.b64encode(b.getvalue()).decode())`,
        Buffer.from(createDemoStudy({ seed: 4, slices: 1, rows: 16, columns: 16 })[0]?.bytes ?? []).toString(
          "base64",
        ),
      ),
      "base64",
    );
    expect((await stack.storeOverWeb([bytes])).status).toBe(200);
    await events.until(
      "end",
      () =>
        events
          .of("instance.not-renderable")
          .some(({ sopInstanceUid }) => sopInstanceUid === "1.2.826.0.1.3680043.8.498.77"),
      30,
    );
    expect(
      events
        .of("instance.not-renderable")
        .find(({ sopInstanceUid }) => sopInstanceUid === "1.2.826.0.1.3680043.8.498.77")?.data["reason"],
    ).toBe("it has no pixel data");
    await expectHealth();
  });

  test("after all of it a good image is rendered", async () => {
    const good = createDemoStudy({ seed: 5, slices: 1 });
    expect((await stack.storeOverWeb(good.map(({ bytes }) => bytes))).status).toBe(200);
    await events.until(
      "rendition",
      () =>
        events
          .of("instance.rendered")
          .some(({ sopInstanceUid }) => sopInstanceUid === good[0]?.sopInstanceUid),
      30,
    );
    await expectHealth();
  });

  test.each([
    ["not JSON", "{", "application/json"],
    ["no instance", "{}", "application/json"],
    ["an instance that is no Orthanc id", '{"instance":"../../etc"}', "application/json"],
  ])("a notification with %s is refused", async (_name, body, type) => {
    const response = await fetch(`http://127.0.0.1:${stack.local.ports.sidecar[0] ?? 0}/internal/arrival`, {
      method: "POST",
      headers: {
        "Content-Type": type,
        "X-Neuronova-Secret": (stack.local.secrets as unknown as { arrivalSecret: string }).arrivalSecret,
      },
      body,
    });
    expect(response.status).toBe(400);
    expect(response.headers.get("content-type")).toContain("application/problem+json");
  });

  test("a notification without the secret is refused", async () => {
    const response = await fetch(`http://127.0.0.1:${stack.local.ports.sidecar[0] ?? 0}/internal/arrival`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: "{}",
    });
    expect(response.status).toBe(403);
  });
});
