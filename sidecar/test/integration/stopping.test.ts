import { once } from "node:events";
import { request, type ClientRequest } from "node:http";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createDemoStudy } from "../../src/phantom/demo-study.js";
import { startProgramBeside } from "../stack/run-program.js";
import { RunningStack } from "../stack/running-stack.js";

let stack: RunningStack;
beforeAll(async () => void (stack = await RunningStack.start()));
afterAll(() => stack.stop());

const after = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Asked on a connection of its own, as a probe does. */
async function health(port: number, path: "live" | "ready"): Promise<{ status: number; body: unknown }> {
  const response = await fetch(`http://127.0.0.1:${port}/api/health/${path}`, {
    headers: { Connection: "close" },
  });
  return { status: response.status, body: await response.json() };
}

/** An upload whose first half is there. */
async function halfAnUpload(port: number): Promise<{
  readonly finish: () => Promise<{ status: number | undefined; body: string }>;
}> {
  const [file] = createDemoStudy({ seed: 91, slices: 1 });
  const parts = [
    Buffer.from("--b\r\nContent-Type: application/dicom\r\n\r\n"),
    Buffer.from(file?.bytes ?? []),
    Buffer.from("\r\n--b--\r\n"),
  ];
  const bytes = Buffer.concat(parts);
  const upload: ClientRequest = request({
    host: "127.0.0.1",
    port,
    path: "/dicom-web/studies",
    method: "POST",
    headers: {
      Authorization: `Bearer ${await stack.token()}`,
      "Content-Type": 'multipart/related; type="application/dicom"; boundary=b',
      "Content-Length": String(bytes.length),
      Accept: "application/dicom+json",
    },
  });
  const half = Math.floor(bytes.length / 2);
  await new Promise((resolve) => upload.write(bytes.subarray(0, half), resolve));
  // It has reached the process before the process is told to end.
  await after(300);
  const answered = once(upload, "response") as Promise<[import("node:http").IncomingMessage]>;
  return {
    async finish() {
      upload.end(bytes.subarray(half));
      const [response] = await answered;
      const chunks = (await response.toArray()) as Buffer[];
      return { status: response.statusCode, body: Buffer.concat(chunks).toString() };
    },
  };
}

test("a process that is told to end is not ready from then on, lives, and answers whole what it was asked before", async () => {
  const [port = 0] = stack.local.ports.sidecar;
  expect((await health(port, "ready")).status).toBe(200);
  const upload = await halfAnUpload(port);
  const ended = stack.local.processes["sidecar"]?.stop();
  await after(100);
  const begin = performance.now();
  // Beyond the time that idle connections have: what keeps it is the upload.
  while (performance.now() - begin < 5_000) {
    expect(await health(port, "ready")).toEqual({
      status: 503,
      body: {
        status: "stopping",
        dependencies: {},
        roles: ["api", "transcoding", "inference", "delivery"],
        breakers: {},
      },
    });
    expect(await health(port, "live")).toEqual({ status: 200, body: { status: "live" } });
    await after(250);
  }
  const { status, body } = await upload.finish();
  expect(status, body).toBe(200);
  expect(JSON.parse(body)).toHaveProperty("00081199");
  await ended;
  await expect(health(port, "live")).rejects.toThrow();
  await stack.local.processes["sidecar"]?.start();
  expect((await health(port, "ready")).status).toBe(200);
});

test("with a notice it stays for that long though nobody is connected, and ends well", async () => {
  const child = startProgramBeside(stack, "main", [], { NEURONOVA_NOTICE_SECONDS: "2" });
  let log = "";
  child.stdout?.on("data", (data: Buffer) => (log += data.toString()));
  const started = () => log.split("\n").find((line) => line.includes('"msg":"started"'));
  await expect.poll(started, { timeout: 30_000 }).toBeDefined();
  const { port } = JSON.parse(started() ?? "{}") as { port: number };
  const ended = once(child, "exit") as Promise<[number | null]>;
  const begin = performance.now();
  child.kill("SIGTERM");
  await after(100);
  while (performance.now() - begin < 1_500) {
    expect(await health(port, "ready")).toMatchObject({ status: 503, body: { status: "stopping" } });
    expect((await health(port, "live")).status).toBe(200);
    await after(200);
  }
  const [status] = await ended;
  expect(status).toBe(0);
  const seconds = (performance.now() - begin) / 1_000;
  expect(seconds).toBeGreaterThanOrEqual(2);
  expect(seconds).toBeLessThan(8);
});
