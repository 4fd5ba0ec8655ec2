import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createDemoStudy, type DemoFile } from "../../src/phantom/demo-study.js";
import type { EventRecorder } from "../stack/event-recorder.js";
import { People } from "../stack/people.js";
import { RunningStack } from "../stack/running-stack.js";

interface Answer {
  readonly id: string;
  readonly state: string;
  readonly code?: string;
  readonly model: { readonly name: string; readonly notice: string };
  readonly input: { readonly level: string; readonly sopInstanceUids: readonly string[] };
  readonly engine: string;
  readonly confidence: number | null;
  readonly verification: string;
  readonly segments: readonly { readonly label: string; readonly volumeMl: number }[];
  readonly segmentation: { readonly href: string; readonly bytes: number; readonly base64: string } | null;
  readonly reason?: { readonly code: string };
}

const MODEL = "tumor_detection";
let stack: RunningStack;
let people: People;
let events: EventRecorder;
let doctor: string;
let files: DemoFile[];
let study: string;
let seriesInstanceUid: string;

beforeAll(async () => {
  stack = await RunningStack.start({
    sidecarProcesses: [["api", "transcoding", "delivery"], ["inference"]],
    settings: { NEURONOVA_STABLE_AFTER_SECONDS: "0.5" },
  });
  people = new People(stack);
  doctor = await stack.token("doctor");
  events = await stack.events();
  files = createDemoStudy({ slices: 12 });
  const [first] = files as [DemoFile];
  study = first.studyInstanceUid;
  seriesInstanceUid = first.seriesInstanceUid;
  await stack.storeOverDicom(files);
  // The images, the SEG and the SR.
  await events.until("stable results", () => events.of("series.stable", study).length >= 3);
});

afterAll(async () => {
  events.close();
  await stack.stop();
});

async function ask(body: object, { wait = 50, token = doctor } = {}) {
  const response = await fetch(`${stack.local.address}/api/inference`, {
    method: "POST",
    headers: {
      Authorization: `Bearer ${token}`,
      "Content-Type": "application/json",
      Prefer: `wait=${wait}`,
    },
    body: JSON.stringify({ seriesInstanceUid, model: MODEL, ...body }),
  });
  const answer = (await response.json()) as Answer;
  return { status: response.status, headers: response.headers, body: answer };
}

function get(path: string, token = doctor): Promise<Response> {
  return fetch(stack.local.address + path, { headers: { Authorization: `Bearer ${token}` } });
}

async function series(): Promise<number> {
  const { series: found } = await stack.json<{ series: unknown[] }>(`/api/studies/${study}`);
  return found.length;
}

describe("a model that is asked directly", () => {
  test("answers for a series what its analysis says, and stores nothing", async () => {
    const before = await series();
    const { status, body } = await ask({ studyInstanceUid: study });
    expect(status, JSON.stringify(body)).toBe(200);
    const { results } = await stack.json<{ results: Answer[] }>(`/api/studies/${study}`);
    expect(body).toMatchObject({
      state: "succeeded",
      model: { name: MODEL, notice: "Demonstration, not for clinical use" },
      verification: "UNVERIFIED",
      confidence: results[0]?.confidence,
    });
    expect(body.segments.map(({ label, volumeMl }) => [label, volumeMl])).toEqual(
      results[0]?.segments.map(({ label, volumeMl }) => [label, volumeMl]),
    );
    expect(body.input.sopInstanceUids).toHaveLength(12);
    expect(await series()).toBe(before);

    const linked = await get(body.segmentation?.href ?? "");
    expect(linked.headers.get("content-type")).toBe("application/dicom");
    const bytes = Buffer.from(await linked.arrayBuffer());
    expect(bytes.equals(Buffer.from(body.segmentation?.base64 ?? "", "base64"))).toBe(true);
    expect(bytes.subarray(128, 132).toString()).toBe("DICM");
    // Another object than the one in the archive: no two may have one UID.
    const stored = results[0] as unknown as { segmentation: { sopInstanceUid: string } };
    expect(bytes.includes(stored.segmentation.sopInstanceUid)).toBe(false);
  });

  test("answers for one image of it", async () => {
    const middle = files[6]?.sopInstanceUid;
    const { status, body } = await ask({ sopInstanceUid: middle });
    expect(status, JSON.stringify(body)).toBe(200);
    expect(body.input).toMatchObject({ level: "instance", sopInstanceUids: [middle] });
    expect(body.segments[0]?.volumeMl).toBeGreaterThan(0);
  });

  test("answers later to who does not wait", async () => {
    const { status, headers, body } = await ask({}, { wait: 0 });
    expect(status).toBe(202);
    expect(headers.get("location")).toBe(`/api/inference/${body.id}`);
    const later = async () => (await (await get(`/api/inference/${body.id}`)).json()) as Answer;
    let answer = await later();
    for (
      const until = Date.now() + 60_000;
      answer.state === "queued" && Date.now() < until;
      answer = await later()
    )
      await new Promise((resolve) => setTimeout(resolve, 100));
    expect(answer.state).toBe("succeeded");
  });

  test("answers who asked, and nobody else", async () => {
    const { body } = await ask({});
    const colleague = await people.token("colleague", "radiologist");
    const away = await people.token("away", "radiologist", { labels: ["elsewhere"] });
    const nurse = await people.token("asking-nurse", "nurse");
    for (const path of [`/api/inference/${body.id}`, `/api/inference/${body.id}/segmentation`]) {
      expect((await get(path)).status).toBe(200);
      expect((await get(path, await stack.token())).status).toBe(200);
      for (const token of [colleague, away]) expect((await get(path, token)).status).toBe(404);
    }
    expect((await ask({}, { token: away })).body.code).toBe("series-not-found");
    expect((await ask({}, { token: nurse })).status).toBe(403);
    expect((await ask({}, { token: "forged.token.here" })).status).toBe(401);
  });

  test("is refused what it cannot look at, with the reason", async () => {
    expect((await ask({ model: "none_such" })).body.code).toBe("no-such-model");
    expect((await ask({ seriesInstanceUid: "1.2.3" })).body.code).toBe("series-not-found");
    expect((await ask({ sopInstanceUid: "1.2.3" })).body.code).toBe("instance-not-found");
    expect((await ask({ studyInstanceUid: "1.2.3" })).body.code).toBe("series-not-found");
    expect((await ask({ seriesInstanceUid: "not a uid" })).status).toBe(400);
    expect((await ask({ surplus: true })).status).toBe(400);
    const seg = (
      await stack.json<{ results: { segmentation: { seriesInstanceUid: string } }[] }>(
        `/api/studies/${study}`,
      )
    ).results[0]?.segmentation.seriesInstanceUid;
    expect((await ask({ seriesInstanceUid: seg })).body.code).toBe("model-not-applicable");
    const sagittal = createDemoStudy({
      seed: 12,
      slices: 5,
      rows: 64,
      columns: 64,
      patient: { name: "Bad^Stack", id: "BAD-STACK", birthDate: "19700101", sex: "O" },
    });
    const [bad] = sagittal as [DemoFile];
    await stack.storeOverDicom(sagittal.filter((_file, index) => index !== 2));
    await events.until("failure", () => events.of("analysis.failed", bad.studyInstanceUid).length === 1);
    const failed = await ask({ seriesInstanceUid: bad.seriesInstanceUid });
    expect([failed.status, failed.body.code, failed.body.reason?.code]).toEqual([
      422,
      "inference-failed",
      "slices-missing",
    ]);
  });

  test("answers though its worker is killed, and takes only so many questions of one person", async () => {
    const process = stack.local.processes["sidecar-inference"];
    await process?.stop();
    const open = await Promise.all([1, 2, 3, 4].map(() => ask({}, { wait: 0 })));
    expect(open.map(({ status }) => status)).toEqual([202, 202, 202, 202]);
    const fifth = await ask({}, { wait: 0 });
    expect([fifth.status, fifth.headers.get("retry-after")]).toEqual([429, "5"]);
    await process?.start();
    await new Promise((resolve) => setTimeout(resolve, 300));
    process?.kill("SIGKILL");
    for (const { body } of open) {
      let state = "queued";
      for (const until = Date.now() + 90_000; state === "queued" && Date.now() < until;) {
        await new Promise((resolve) => setTimeout(resolve, 200));
        state = ((await (await get(`/api/inference/${body.id}`)).json()) as Answer).state;
      }
      expect(state).toBe("succeeded");
    }
  });
});
