import { execFile, spawn, type ChildProcess } from "node:child_process";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createDemoStudy } from "../../src/phantom/demo-study.js";
import { until } from "../stack/emr-client.js";
import { freePort } from "../stack/free-port.js";
import { RunningStack } from "../stack/running-stack.js";

const run = promisify(execFile);
const files = createDemoStudy({ seed: 895, slices: 3, rows: 32, columns: 32 });
const study = files[0]?.studyInstanceUid ?? "";
const sopInstanceUids = files.map(({ sopInstanceUid }) => sopInstanceUid).sort();
const OF_STUDY = ["-k", "0008,0052=STUDY", "-k", `0020,000d=${study}`];
let stack: RunningStack;
let directory: string;
let receiver: ChildProcess;

beforeAll(async () => {
  stack = await RunningStack.start();
  directory = await mkdtemp(join(tmpdir(), "neuronova-dimse-"));
  const port = await freePort();
  receiver = spawn("storescp", ["-aet", "WORKSTATION", "-od", directory, String(port)], { stdio: "ignore" });
  const registered = await stack.orthanc("/modalities/workstation", {
    method: "PUT",
    body: JSON.stringify({
      AET: "WORKSTATION",
      Host: "127.0.0.1",
      Port: port,
      AllowFind: true,
      AllowMove: true,
      AllowGet: true,
    }),
  });
  expect(registered.status).toBe(200);
  const events = await stack.events();
  await stack.storeOverDicom(files);
  // With renditions beside them the originals are what they were.
  await events.until("renditions", () => events.of("instance.rendered", study).length === files.length);
  events.close();
});

afterAll(async () => {
  receiver.kill();
  await stack.stop();
  await rm(directory, { recursive: true, force: true });
});

/** One of dcmtk's tools, as the workstation. */
function dcmtk(tool: string, ...args: string[]) {
  const { ports, dicomAet } = stack.local;
  return run(tool, [...args, "-aec", dicomAet, "127.0.0.1", String(ports.orthancDicom)]);
}

/** SOP Instance UIDs of the files in a directory. */
async function received(where: string): Promise<string[]> {
  const names = await readdir(where);
  const dumps = await Promise.all(
    names.map((name) => run("dcmdump", ["+P", "0008,0018", join(where, name)])),
  );
  return dumps.map(({ stdout }) => /\[([0-9.]+)\]/.exec(stdout)?.[1] ?? "").sort();
}

test("echoscu is answered, whoever asks", async () => {
  await dcmtk("echoscu", "-aet", "ANYBODY");
});

test("findscu of a registered workstation finds the study; of somebody else nothing", async () => {
  const keys = ["-S", ...OF_STUDY, "-k", "0020,1208", "-k", "0010,0020"];
  const { stdout, stderr } = await dcmtk("findscu", "-v", "-aet", "WORKSTATION", ...keys);
  expect(stdout + stderr).toContain(study);
  expect(stdout + stderr).toMatch(/\(0020,1208\) IS \[3/);
  const stranger = await dcmtk("findscu", "-v", "-aet", "STRANGER", ...keys).catch(
    (error: unknown) => error as { stdout: string; stderr: string },
  );
  expect(stranger.stdout + stranger.stderr).not.toMatch(/\(0020,1208\) IS \[3/);
});

test("movescu has the study sent to the workstation", async () => {
  await dcmtk("movescu", "-S", "-aet", "WORKSTATION", "-aem", "WORKSTATION", ...OF_STUDY);
  await until("the images", async () =>
    (await readdir(directory)).length >= files.length ? true : undefined,
  );
  expect(await received(directory)).toEqual(expect.arrayContaining(sopInstanceUids));
});

test("getscu fetches the study", async () => {
  const fetched = await mkdtemp(join(tmpdir(), "neuronova-getscu-"));
  try {
    await dcmtk("getscu", "-S", "-aet", "WORKSTATION", "-od", fetched, ...OF_STUDY);
    // Results of a model may be there by then, too.
    expect(await received(fetched)).toEqual(expect.arrayContaining(sopInstanceUids));
  } finally {
    await rm(fetched, { recursive: true, force: true });
  }
});
