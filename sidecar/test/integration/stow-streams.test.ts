import { readFile, readdir, readlink, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { OpenUpload } from "../stack/open-upload.js";
import { RunningStack } from "../stack/running-stack.js";
import { holds, instance, multipart, upload, type Described } from "../stack/uploads.js";

let stack: RunningStack;
let admin: string;
let directory: string;

beforeAll(async () => {
  // The api role by itself: its memory is measured.
  stack = await RunningStack.start({
    sidecarProcesses: [["api"], ["transcoding", "inference", "delivery"]],
  });
  admin = await stack.token();
  directory = join(stack.local.logs, "../run/uploads");
});

afterAll(() => stack.stop());

const api = () => stack.local.processes["sidecar-api"];

function large(megabytes: number): Described {
  const pixels = { tag: 0x7fe00010, vr: "OW", value: "\x07".repeat(megabytes * 1_000_000) };
  return instance({ patientId: "LARGE", more: [pixels] });
}

async function kilobytes(name: "VmRSS" | "VmHWM"): Promise<number> {
  const status = await readFile(`/proc/${api()?.pid ?? 0}/status`, "utf8");
  return Number(new RegExp(`^${name}:\\s+(\\d+) kB`, "m").exec(status)?.[1]);
}

/** Parts of uploads that the process still has on disk; a file without a name counts. */
async function spooled(): Promise<string[]> {
  const fds = `/proc/${api()?.pid ?? 0}/fd`;
  const open = await Promise.all((await readdir(fds)).map((fd) => readlink(join(fds, fd)).catch(() => "")));
  return [...(await readdir(directory)), ...open.filter((path) => path.includes(directory))];
}

async function until(condition: () => Promise<boolean>, what: string): Promise<void> {
  const deadline = Date.now() + 20_000;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`waited in vain: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

describe("an upload", () => {
  test("of 300 MB goes through the api role with at most 60 MB more memory than it has idle", async () => {
    expect((await upload(stack, admin, [large(5).bytes])).status).toBe(200);
    const idle = await kilobytes("VmRSS");
    // proc(5): 5 sets the peak back to what is used now
    await writeFile(`/proc/${api()?.pid ?? 0}/clear_refs`, "5");
    const files = [large(200), large(50), large(50)];
    const answer = await upload(
      stack,
      admin,
      files.map(({ bytes }) => bytes),
    );
    expect(answer).toMatchObject({ status: 200, stored: files.map(({ sop }) => sop) });
    const peak = await kilobytes("VmHWM");
    expect((peak - idle) / 1_000, `idle ${idle} kB, peak ${peak} kB`).toBeLessThan(60);
    const [id] = await stack.orthancJson<string[]>("/tools/find", {
      method: "POST",
      body: JSON.stringify({ Level: "Instance", Query: { SOPInstanceUID: files[0]?.sop } }),
    });
    const kept = Buffer.from(await (await stack.orthanc(`/instances/${id ?? ""}/file`)).arrayBuffer());
    expect(kept.equals(files[0]?.bytes ?? Buffer.alloc(0))).toBe(true);
    expect(await spooled()).toEqual([]);
  });

  test("that breaks off leaves what was whole, and nothing of the rest", async () => {
    const [whole, broken] = [instance({ patientId: "BROKEN" }), large(20)];
    const body = multipart([whole.bytes, broken.bytes]);
    const events = await stack.events();
    const open = await OpenUpload.begin(stack.local.ports.nginx, admin, body.length);
    open.send(body.subarray(0, body.length - 5_000_000));
    await events.until("the whole part", () => events.of("instance.arrived", whole.study).length > 0, 20);
    await until(async () => (await spooled()).length > 0, "the second part arrives");
    open.breakOff();
    await until(async () => (await spooled()).length === 0, "what is left of it goes");
    expect(await holds(stack, whole.sop)).toBe(true);
    expect(await holds(stack, broken.sop)).toBe(false);
    events.close();
  });

  test("in progress when the process is killed leaves nothing on disk; what an earlier one left is removed", async () => {
    const body = multipart([large(20).bytes]);
    const open = await OpenUpload.begin(stack.local.ports.nginx, admin, body.length);
    open.send(body.subarray(0, 15_000_000));
    await until(async () => (await spooled()).length > 0, "the part arrives");
    const { pid } = api() ?? {};
    const leftOver = join(directory, `upload-${randomUUID()}.part`);
    await writeFile(leftOver, "left");
    await writeFile(join(directory, "of-somebody-else"), "kept");
    api()?.kill("SIGKILL");
    expect((await open.answered()).status).toBeGreaterThanOrEqual(500);
    await until(async () => {
      const ready = await fetch(`${stack.local.address}/api/health/ready`).catch(() => undefined);
      return ready?.status === 200 && api()?.pid !== pid;
    }, "the process comes back");
    expect(await readdir(directory)).toEqual(["of-somebody-else"]);
    expect((await stat(directory)).mode & 0o777).toBe(0o700);
    const retried = instance({ patientId: "AGAIN" });
    expect((await upload(stack, admin, [retried.bytes])).status).toBe(200);
  });

  test("while Orthanc is away is answered 503, each instance as failed; repeated later it is stored", async () => {
    const files = [instance({ patientId: "AWAY" }), instance({ patientId: "AWAY" })];
    const bytes = files.map((file) => file.bytes);
    await stack.local.processes["orthanc"]?.stop();
    const refused = await upload(stack, admin, bytes);
    expect(refused).toMatchObject({ status: 503, stored: [], reasons: ["a700", "a700"] });
    expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(0);
    await stack.local.processes["orthanc"]?.start();
    expect(await upload(stack, admin, bytes)).toMatchObject({
      status: 200,
      stored: files.map(({ sop }) => sop),
    });
  });
});
