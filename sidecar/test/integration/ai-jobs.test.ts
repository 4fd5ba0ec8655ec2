import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createDemoStudy, type DemoFile, type DemoStudyOptions } from "../../src/phantom/demo-study.js";
import type { EventRecorder } from "../stack/event-recorder.js";
import { People } from "../stack/people.js";
import { RunningStack } from "../stack/running-stack.js";

interface Job {
  readonly id: number;
  readonly state: string;
  readonly procedureStepState: string;
  readonly studyInstanceUid: string;
  readonly seriesInstanceUid: string;
  readonly requestedBy: string | null;
  readonly cancelRequested: boolean;
  readonly attempts: number;
  readonly priority: string;
  readonly progress: { readonly slicesDone: number; readonly slices: number };
  readonly queuedAt: string;
  readonly startedAt: string | null;
  readonly finishedAt: string | null;
  readonly reason?: { readonly code: string; readonly detail: string };
  readonly input: { readonly sopInstanceUids: readonly string[] | null };
  readonly output?: {
    readonly engine: string;
    readonly modelMilliseconds: number;
    readonly report: { readonly sopInstanceUid: string };
  };
}
interface Jobs {
  readonly jobs: readonly Job[];
  readonly next?: number;
}
interface Problem {
  readonly code: string;
  readonly detail: string;
}

const MODEL = "tumor_detection";
let stack: RunningStack;
let people: People;
let events: EventRecorder;
let doctor: string;
let seed = 300;

beforeAll(async () => {
  stack = await RunningStack.start({
    sidecarProcesses: [["api", "transcoding", "delivery"], ["inference"]],
    settings: { NEURONOVA_STABLE_AFTER_SECONDS: "0.5" },
  });
  people = new People(stack);
  events = await stack.events();
  doctor = await stack.token("doctor");
});

afterAll(async () => {
  events.close();
  await stack.stop();
});

const inference = () => {
  const found = stack.local.processes["sidecar-inference"];
  if (found === undefined) throw new Error("there is no inference process");
  return found;
};

type Options = DemoStudyOptions & { unmatched?: boolean; twin?: boolean };

/** A study that models look at by themselves, or with `unmatched` one whose description keeps them away. */
function made(options: Options) {
  const id = `JOBS-${++seed}`;
  const patient = { name: "Jobs^Test", id, birthDate: "19700101", sex: "O" as const };
  const files = createDemoStudy({ seed, slices: 4, rows: 64, columns: 64, patient, ...options }).map(
    (file) => (options.unmatched === true ? renamed(file) : file),
  );
  if (options.twin === true) files.push(twinOf(files.at(-1) as DemoFile));
  const study = files[0]?.studyInstanceUid;
  /** Sends some of them and waits until their series are stable. */
  const send = async (some: readonly DemoFile[]): Promise<void> => {
    const before = events.of("series.stable", study).length;
    const series = new Set(some.map(({ seriesInstanceUid }) => seriesInstanceUid)).size;
    await stack.storeOverDicom(some);
    await events.until("stable series", () => events.of("series.stable", study).length >= before + series);
  };
  return { files, send };
}

async function stored(options: Options = {}): Promise<DemoFile[]> {
  const { files, send } = made(options);
  await send(files);
  return files;
}

/** T1 becomes T2, which no model wants. */
function renamed(file: DemoFile): DemoFile {
  const bytes = Buffer.from(file.bytes);
  const at = bytes.indexOf("T1 axial");
  bytes.write("T2 axial", at, "latin1");
  return { ...file, bytes: new Uint8Array(bytes) };
}

/** The same slice once more, as another instance. */
function twinOf(file: DemoFile): DemoFile {
  const bytes = Buffer.from(file.bytes);
  const { sopInstanceUid: uid } = file;
  const twin = uid.slice(0, -1) + (uid.endsWith("1") ? "2" : "1");
  for (let at = bytes.indexOf(uid); at >= 0; at = bytes.indexOf(uid, at)) bytes.write(twin, at, "latin1");
  return { ...file, fileName: "twin.dcm", bytes: new Uint8Array(bytes) };
}

const post = <T>(path: string, body?: unknown, token = doctor) => people.call<T>(token, "POST", path, body);
const job = (id: number) => stack.json<Job>(`/api/ai/jobs/${id}`);
const told = (event: string, id: number) =>
  events.events.some((heard) => heard.event === event && heard.data["analysis"] === id);
const until = (event: string, id: number) => events.until(`${event} of ${id}`, () => told(event, id));

async function resultsInOrthanc(study: string): Promise<number> {
  const find = (modality: string) =>
    stack.orthancJson<unknown[]>("/tools/find", {
      method: "POST",
      body: JSON.stringify({ Level: "Series", Query: { StudyInstanceUID: study, Modality: modality } }),
    });
  return (await find("SEG")).length + (await find("SR")).length;
}

describe("a job", () => {
  test("of a series that was analysed when it arrived is that analysis, with its times and objects", async () => {
    const [file] = await stored();
    const series = file?.seriesInstanceUid;
    await events.until(
      "analysis",
      () => events.of("analysis.succeeded", file?.studyInstanceUid).length === 1,
    );
    const asked = await post<Jobs>("/api/ai/jobs", { seriesInstanceUid: series, model: MODEL });
    expect(asked.status).toBe(202);
    const [one] = asked.body.jobs;
    expect(asked.headers.get("location")).toBe(`/api/ai/jobs/${one?.id ?? 0}`);
    const found = await job(one?.id ?? 0);
    expect(found).toMatchObject({
      state: "succeeded",
      procedureStepState: "COMPLETED",
      seriesInstanceUid: series,
      requestedBy: null,
      priority: "medium",
      attempts: 1,
      progress: { slicesDone: 4, slices: 4 },
    });
    expect(found.input.sopInstanceUids).toHaveLength(4);
    expect(found.output?.engine).toMatch(/^tfjs/);
    expect(found.output?.report.sopInstanceUid).toMatch(/^2\.25\./);
    const times = [found.queuedAt, found.startedAt ?? "", found.finishedAt ?? ""].map((time) =>
      Date.parse(time),
    );
    expect(times).toEqual([...times].sort((a, b) => a - b));
  });

  test("is done once for who asks twice, on a series that no model was meant for, and again when a slice comes late", async () => {
    const { files, send } = made({ unmatched: true, slices: 6 });
    const [file] = files as [DemoFile];
    const study = file.studyInstanceUid;
    await send(files.slice(0, 5));
    expect(events.of("analysis.queued", study)).toEqual([]);
    const body = { studyInstanceUid: study, model: MODEL, priority: "high" };
    const [first, second] = await Promise.all([
      post<Jobs>("/api/ai/jobs", body),
      post<Jobs>("/api/ai/jobs", body),
    ]);
    expect(first.body.jobs.map(({ id }) => id)).toEqual(second.body.jobs.map(({ id }) => id));
    const [{ id }] = first.body.jobs as [Job];
    await until("analysis.succeeded", id);
    expect(await job(id)).toMatchObject({
      priority: "high",
      requestedBy: expect.stringMatching(/^account:/) as string,
    });
    expect(events.of("analysis.queued", study)).toHaveLength(1);
    expect(events.of("analysis.started", study)).toHaveLength(1);
    expect(await resultsInOrthanc(study)).toBeGreaterThan(0);

    await send(files.slice(5));
    await events.until("the second", () => events.of("analysis.succeeded", study).length === 2);
    expect((await job(id)).input.sopInstanceUids).toHaveLength(6);
  });

  test("is refused with the reason where it makes no sense", async () => {
    const [file] = (await stored({ unmatched: true })) as [DemoFile];
    const [single] = (await stored({ slices: 1 })) as [DemoFile];
    const seriesInstanceUid = file.seriesInstanceUid;
    const asked = async (body: unknown) => {
      const { status, body: problem } = await post<Problem>("/api/ai/jobs", body);
      return [status, problem.code];
    };
    expect(await asked({ seriesInstanceUid, model: "nothing_such" })).toEqual([404, "no-such-model"]);
    expect(await asked({ seriesInstanceUid, model: MODEL, version: "9.9.9" })).toEqual([
      404,
      "no-such-model",
    ]);
    expect(await asked({ seriesInstanceUid: "1.2.3", model: MODEL })).toEqual([404, "series-not-found"]);
    expect(await asked({ studyInstanceUid: "1.2.3", seriesInstanceUid, model: MODEL })).toEqual([
      404,
      "series-not-found",
    ]);
    expect(await asked({ seriesInstanceUid: single.seriesInstanceUid, model: MODEL })).toEqual([
      422,
      "model-not-applicable",
    ]);
    for (const body of [
      {},
      { model: MODEL },
      { seriesInstanceUid, model: "../x" },
      { seriesInstanceUid, model: MODEL, priority: "now" },
      [],
    ])
      expect(await asked(body)).toEqual([400, "request-malformed"]);
  });

  test("of a study out of reach is like one that is not there", async () => {
    const [file] = (await stored({ unmatched: true })) as [DemoFile];
    const { seriesInstanceUid } = file;
    const [{ id }] = (await post<Jobs>("/api/ai/jobs", { seriesInstanceUid, model: MODEL })).body.jobs as [
      Job,
    ];
    const patient = { patientId: "SOMEBODY-ELSE" };
    const other = await people.token("someone", "radiologist", { labels: ["elsewhere"] });
    const nurse = await people.token("nurse-of-jobs", "nurse");
    const stranger = await people.token("stranger", "patient", { patient });
    for (const token of [other, stranger]) {
      expect((await people.call(token, "GET", `/api/ai/jobs/${id}`)).status).toBe(404);
      expect((await people.call<Jobs>(token, "GET", "/api/ai/jobs")).body.jobs).toEqual([]);
    }
    expect((await post("/api/ai/jobs", { seriesInstanceUid, model: MODEL }, other)).status).toBe(404);
    expect((await post(`/api/ai/jobs/${id}/cancel`, undefined, other)).status).toBe(404);
    expect((await people.call(nurse, "GET", `/api/ai/jobs/${id}`)).status).toBe(200);
    expect((await post(`/api/ai/jobs/${id}/cancel`, undefined, nurse)).status).toBe(403);
    expect((await post("/api/ai/jobs", { seriesInstanceUid, model: MODEL }, nurse)).status).toBe(403);
    await until("analysis.succeeded", id);
  });

  test("lists by state, model and series, page by page", async () => {
    const [file] = (await stored()) as [DemoFile];
    await events.until("analysis", () => events.of("analysis.succeeded", file.studyInstanceUid).length === 1);
    const first = await stack.json<Jobs>("/api/ai/jobs?limit=1");
    const second = await stack.json<Jobs>(`/api/ai/jobs?limit=1&before=${first.next ?? 0}`);
    expect(first.jobs[0]?.id).toBeGreaterThan(second.jobs[0]?.id ?? 0);
    const mine = await stack.json<Jobs>(
      `/api/ai/jobs?state=succeeded&model=${MODEL}&seriesInstanceUid=${file.seriesInstanceUid}`,
    );
    expect(mine.jobs.map(({ seriesInstanceUid }) => seriesInstanceUid)).toEqual([file.seriesInstanceUid]);
    expect(
      (await stack.json<Jobs>(`/api/ai/jobs?state=failed&studyInstanceUid=${file.studyInstanceUid}`)).jobs,
    ).toEqual([]);
    expect((await people.call(doctor, "GET", "/api/ai/jobs?state=whatever")).status).toBe(400);
  });
});

describe("a job that is canceled", () => {
  test("before anybody began it is over at once, and is done when it is asked for again", async () => {
    await inference().stop();
    const [file] = (await stored()) as [DemoFile];
    const study = file.studyInstanceUid;
    const [{ id }] = (await stack.json<Jobs>(`/api/ai/jobs?studyInstanceUid=${study}`)).jobs as [Job];
    expect(await job(id)).toMatchObject({ state: "queued", procedureStepState: "SCHEDULED" });
    expect((await post<Job>(`/api/ai/jobs/${id}/cancel`)).body).toMatchObject({
      state: "canceled",
      procedureStepState: "CANCELED",
      reason: { code: "canceled" },
    });
    expect((await post(`/api/ai/jobs/${id}/cancel`)).status).toBe(202);
    await inference().start();
    await until("analysis.canceled", id);
    const retried = await post<Job>(`/api/ai/jobs/${id}/retry`);
    expect([retried.status, retried.body.state]).toEqual([202, "queued"]);
    await until("analysis.succeeded", id);
    expect((await post<Problem>(`/api/ai/jobs/${id}/cancel`)).body.code).toBe("job-over");
    expect((await post<Problem>(`/api/ai/jobs/${id}/retry`)).body.code).toBe("job-not-over");
    expect(events.of("analysis.started", study)).toHaveLength(1);
  });

  test("while it runs ends within moments, told on its way, with nothing left behind", async () => {
    const files = await stored({ slices: 220, rows: 192, columns: 192 });
    const study = files[0]?.studyInstanceUid ?? "";
    await events.until("progress", () => events.of("analysis.progress", study).length > 0);
    const [{ id, progress }] = (await stack.json<Jobs>(`/api/ai/jobs?studyInstanceUid=${study}`)).jobs as [
      Job,
    ];
    expect(progress.slices).toBe(220);
    expect(progress.slicesDone).toBeGreaterThan(0);
    const asked = await post<Job>(`/api/ai/jobs/${id}/cancel`);
    expect([asked.status, asked.body.cancelRequested]).toEqual([202, true]);
    await until("analysis.canceled", id);
    expect(await job(id)).toMatchObject({ state: "canceled", reason: { code: "canceled" } });
    expect(await resultsInOrthanc(study)).toBe(0);
    expect(told("analysis.succeeded", id)).toBe(false);
  });

  test("whose worker was killed is ended by the next one", async () => {
    const files = await stored({ slices: 210, rows: 192, columns: 192 });
    const study = files[0]?.studyInstanceUid ?? "";
    await events.until("start", () => events.of("analysis.started", study).length > 0);
    const [{ id }] = (await stack.json<Jobs>(`/api/ai/jobs?studyInstanceUid=${study}`)).jobs as [Job];
    inference().kill("SIGKILL");
    expect((await post(`/api/ai/jobs/${id}/cancel`)).status).toBe(202);
    await until("analysis.canceled", id);
    expect(await resultsInOrthanc(study)).toBe(0);
  });
});

test("a study of many series does not keep a small one waiting, nor one that cannot be analysed the others", async () => {
  await inference().stop();
  const many = await stored({ seriesCount: 8, slices: 12, rows: 96, columns: 96 });
  const bad = await stored({ slices: 5, twin: true });
  const small = await stored({ slices: 4 });
  await inference().start();
  const done = (event: string, files: readonly DemoFile[]) =>
    events.of(event, files[0]?.studyInstanceUid).length;
  await events.until(
    "the end of all",
    () =>
      done("analysis.succeeded", many) === 8 &&
      done("analysis.succeeded", small) === 1 &&
      done("analysis.failed", bad) === 1,
  );
  const order = events.of("analysis.succeeded").map(({ studyInstanceUid }) => studyInstanceUid);
  const position =
    order.indexOf(small[0]?.studyInstanceUid ?? "") - order.indexOf(many[0]?.studyInstanceUid ?? "");
  // Two are worked on at a time: its turn is after the first series of the others.
  expect(position).toBeLessThanOrEqual(3);
});

test("an input that its worker dies of every time fails by itself, and is told", async () => {
  await inference().stop();
  const [file] = (await stored()) as [DemoFile];
  const [{ id }] = (await stack.json<Jobs>(`/api/ai/jobs?studyInstanceUid=${file.studyInstanceUid}`))
    .jobs as [Job];
  // As five workers in turn leave it that were killed while they worked on it.
  await stack.sql(`UPDATE analysis SET state = 'running', attempts = 5, interruptions = 4 WHERE id = ${id}`);
  await inference().start();
  await until("analysis.failed", id);
  expect(await job(id)).toMatchObject({ state: "failed", reason: { code: "worker-died" } });
  expect((await post(`/api/ai/jobs/${id}/retry`)).status).toBe(202);
  await until("analysis.succeeded", id);
});
