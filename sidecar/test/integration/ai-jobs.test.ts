import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { DemoFile } from "../../src/phantom/demo-study.js";
import { JobsUnderTest, type Job, type Jobs, type Problem } from "../stack/jobs-under-test.js";

let jobs: JobsUnderTest;

beforeAll(async () => {
  jobs = await JobsUnderTest.start(300);
});

afterAll(() => jobs.stop());

describe("a job", () => {
  test("of a series that was analysed when it arrived is that analysis, with its times and objects", async () => {
    const [file] = await jobs.stored();
    const series = file?.seriesInstanceUid;
    await jobs.events.until(
      "analysis",
      () => jobs.events.of("analysis.succeeded", file?.studyInstanceUid).length === 1,
    );
    const asked = await jobs.post<Jobs>("/api/ai/jobs", { seriesInstanceUid: series, model: jobs.model });
    expect(asked.status).toBe(202);
    const [one] = asked.body.jobs;
    expect(asked.headers.get("location")).toBe(`/api/ai/jobs/${one?.id ?? 0}`);
    const found = await jobs.job(one?.id ?? 0);
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
    const files = jobs.made({ unmatched: true, slices: 6 });
    const [file] = files as [DemoFile];
    const study = file.studyInstanceUid;
    await jobs.send(files.slice(0, 5));
    expect(jobs.events.of("analysis.queued", study)).toEqual([]);
    const body = { studyInstanceUid: study, model: jobs.model, priority: "high" };
    const [first, second] = await Promise.all([
      jobs.post<Jobs>("/api/ai/jobs", body),
      jobs.post<Jobs>("/api/ai/jobs", body),
    ]);
    expect(first.body.jobs.map(({ id }) => id)).toEqual(second.body.jobs.map(({ id }) => id));
    const [{ id }] = first.body.jobs as [Job];
    await jobs.until("analysis.succeeded", id);
    expect(await jobs.job(id)).toMatchObject({
      priority: "high",
      requestedBy: expect.stringMatching(/^account:/) as string,
    });
    expect(jobs.events.of("analysis.queued", study)).toHaveLength(1);
    expect(jobs.events.of("analysis.started", study)).toHaveLength(1);
    expect(await jobs.resultsInOrthanc(study)).toBeGreaterThan(0);

    await jobs.send(files.slice(5));
    await jobs.events.until("the second", () => jobs.events.of("analysis.succeeded", study).length === 2);
    expect((await jobs.job(id)).input.sopInstanceUids).toHaveLength(6);
  });

  test("is refused with the reason where it makes no sense", async () => {
    const [file] = (await jobs.stored({ unmatched: true })) as [DemoFile];
    const [single] = (await jobs.stored({ slices: 1 })) as [DemoFile];
    const seriesInstanceUid = file.seriesInstanceUid;
    const asked = async (body: unknown) => {
      const { status, body: problem } = await jobs.post<Problem>("/api/ai/jobs", body);
      return [status, problem.code];
    };
    expect(await asked({ seriesInstanceUid, model: "nothing_such" })).toEqual([404, "no-such-model"]);
    expect(await asked({ seriesInstanceUid, model: jobs.model, version: "9.9.9" })).toEqual([
      404,
      "no-such-model",
    ]);
    expect(await asked({ seriesInstanceUid: "1.2.3", model: jobs.model })).toEqual([404, "series-not-found"]);
    expect(await asked({ studyInstanceUid: "1.2.3", seriesInstanceUid, model: jobs.model })).toEqual([
      404,
      "series-not-found",
    ]);
    expect(await asked({ seriesInstanceUid: single.seriesInstanceUid, model: jobs.model })).toEqual([
      422,
      "model-not-applicable",
    ]);
    for (const body of [
      {},
      { model: jobs.model },
      { seriesInstanceUid, model: "../x" },
      { seriesInstanceUid, model: jobs.model, priority: "now" },
      [],
    ])
      expect(await asked(body)).toEqual([400, "request-malformed"]);
  });

  test("of a study out of reach is like one that is not there", async () => {
    const [file] = (await jobs.stored({ unmatched: true })) as [DemoFile];
    const { seriesInstanceUid } = file;
    const [{ id }] = (await jobs.post<Jobs>("/api/ai/jobs", { seriesInstanceUid, model: jobs.model })).body
      .jobs as [Job];
    const patient = { patientId: "SOMEBODY-ELSE" };
    const other = await jobs.people.token("someone", "radiologist", { labels: ["elsewhere"] });
    const nurse = await jobs.people.token("nurse-of-jobs", "nurse");
    const stranger = await jobs.people.token("stranger", "patient", { patient });
    for (const token of [other, stranger]) {
      expect((await jobs.get(`/api/ai/jobs/${id}`, token)).status).toBe(404);
      expect((await jobs.get<Jobs>("/api/ai/jobs", token)).body.jobs).toEqual([]);
    }
    expect((await jobs.post("/api/ai/jobs", { seriesInstanceUid, model: jobs.model }, other)).status).toBe(
      404,
    );
    expect((await jobs.post(`/api/ai/jobs/${id}/cancel`, undefined, other)).status).toBe(404);
    expect((await jobs.get(`/api/ai/jobs/${id}`, nurse)).status).toBe(200);
    expect((await jobs.post(`/api/ai/jobs/${id}/cancel`, undefined, nurse)).status).toBe(403);
    expect((await jobs.post("/api/ai/jobs", { seriesInstanceUid, model: jobs.model }, nurse)).status).toBe(
      403,
    );
    await jobs.until("analysis.succeeded", id);
  });

  test("lists by state, model and series, page by page", async () => {
    const [file] = (await jobs.stored()) as [DemoFile];
    await jobs.events.until(
      "analysis",
      () => jobs.events.of("analysis.succeeded", file.studyInstanceUid).length === 1,
    );
    const first = (await jobs.get<Jobs>("/api/ai/jobs?limit=1")).body;
    const second = (await jobs.get<Jobs>(`/api/ai/jobs?limit=1&before=${first.next ?? 0}`)).body;
    expect(first.jobs[0]?.id).toBeGreaterThan(second.jobs[0]?.id ?? 0);
    const mine = (
      await jobs.get<Jobs>(
        `/api/ai/jobs?state=succeeded&model=${jobs.model}&seriesInstanceUid=${file.seriesInstanceUid}`,
      )
    ).body;
    expect(mine.jobs.map(({ seriesInstanceUid }) => seriesInstanceUid)).toEqual([file.seriesInstanceUid]);
    expect(
      (await jobs.get<Jobs>(`/api/ai/jobs?state=failed&studyInstanceUid=${file.studyInstanceUid}`)).body.jobs,
    ).toEqual([]);
    expect((await jobs.get("/api/ai/jobs?state=whatever", jobs.doctor)).status).toBe(400);
  });
});
