import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { DemoFile } from "../../src/phantom/demo-study.js";
import { JobsUnderTest, type Job, type Jobs, type Problem } from "../stack/jobs-under-test.js";

let jobs: JobsUnderTest;

beforeAll(async () => {
  jobs = await JobsUnderTest.start(400);
});

afterAll(() => jobs.stop());

describe("a job that is canceled", () => {
  test("before anybody began it is over at once, and is done when it is asked for again", async () => {
    await jobs.inference.stop();
    const [file] = (await jobs.stored()) as [DemoFile];
    const study = file.studyInstanceUid;
    const { id } = await jobs.jobOf(study);
    expect(await jobs.job(id)).toMatchObject({ state: "queued", procedureStepState: "SCHEDULED" });
    expect((await jobs.post<Job>(`/api/ai/jobs/${id}/cancel`)).body).toMatchObject({
      state: "canceled",
      procedureStepState: "CANCELED",
      reason: { code: "canceled" },
    });
    expect((await jobs.post(`/api/ai/jobs/${id}/cancel`)).status).toBe(202);
    await jobs.inference.start();
    await jobs.until("analysis.canceled", id);
    const retried = await jobs.post<Job>(`/api/ai/jobs/${id}/retry`);
    expect([retried.status, retried.body.state]).toEqual([202, "queued"]);
    await jobs.until("analysis.succeeded", id);
    expect((await jobs.post<Problem>(`/api/ai/jobs/${id}/cancel`)).body.code).toBe("job-over");
    expect((await jobs.post<Problem>(`/api/ai/jobs/${id}/retry`)).body.code).toBe("job-not-over");
    expect(jobs.events.of("analysis.started", study)).toHaveLength(1);
  });

  test("while it runs ends within moments, told on its way, with nothing left behind", async () => {
    const files = await jobs.stored({ slices: 220, rows: 128, columns: 128 });
    const study = files[0]?.studyInstanceUid ?? "";
    await jobs.events.until("progress", () => jobs.events.of("analysis.progress", study).length > 0);
    const { id, progress } = await jobs.jobOf(study);
    expect(progress.slices).toBe(220);
    expect(progress.slicesDone).toBeGreaterThan(0);
    const asked = await jobs.post<Job>(`/api/ai/jobs/${id}/cancel`);
    expect([asked.status, asked.body.cancelRequested]).toEqual([202, true]);
    await jobs.until("analysis.canceled", id);
    expect(await jobs.job(id)).toMatchObject({ state: "canceled", reason: { code: "canceled" } });
    expect(await jobs.resultsInOrthanc(study)).toBe(0);
    expect(jobs.told("analysis.succeeded", id)).toBe(false);
  });

  test("whose worker was killed is ended by the next one", async () => {
    const files = await jobs.stored({ slices: 60, rows: 96, columns: 96 });
    const study = files[0]?.studyInstanceUid ?? "";
    await jobs.events.until("start", () => jobs.events.of("analysis.started", study).length > 0);
    const { id } = await jobs.jobOf(study);
    jobs.inference.kill("SIGKILL");
    expect((await jobs.post(`/api/ai/jobs/${id}/cancel`)).status).toBe(202);
    await jobs.until("analysis.canceled", id);
    expect(await jobs.resultsInOrthanc(study)).toBe(0);
  });
});

test("a study of many series does not keep a small one waiting, nor one that cannot be analysed the others", async () => {
  await jobs.inference.stop();
  const many = await jobs.stored({ seriesCount: 8, slices: 12, rows: 96, columns: 96 });
  const bad = await jobs.stored({ slices: 5, twin: true });
  const small = await jobs.stored({ slices: 4 });
  await jobs.inference.start();
  const done = (event: string, files: readonly DemoFile[]) =>
    jobs.events.of(event, files[0]?.studyInstanceUid).length;
  await jobs.events.until(
    "the end of all",
    () =>
      done("analysis.succeeded", many) === 8 &&
      done("analysis.succeeded", small) === 1 &&
      done("analysis.failed", bad) === 1,
  );
  const order = jobs.events.of("analysis.succeeded").map(({ studyInstanceUid }) => studyInstanceUid);
  const position =
    order.indexOf(small[0]?.studyInstanceUid ?? "") - order.indexOf(many[0]?.studyInstanceUid ?? "");
  // Two are worked on at a time: its turn is after the first series of the others.
  expect(position).toBeLessThanOrEqual(3);
});

test("an input that its worker dies of every time fails by itself, and is told", async () => {
  await jobs.inference.stop();
  const [file] = (await jobs.stored()) as [DemoFile];
  const [{ id }] = (await jobs.get<Jobs>(`/api/ai/jobs?studyInstanceUid=${file.studyInstanceUid}`)).body
    .jobs as [Job];
  // As five workers in turn leave it that were killed while they worked on it.
  await jobs.stack.sql(
    `UPDATE analysis SET state = 'running', attempts = 5, interruptions = 4 WHERE id = ${id}`,
  );
  await jobs.inference.start();
  await jobs.until("analysis.failed", id);
  expect(await jobs.job(id)).toMatchObject({ state: "failed", reason: { code: "worker-died" } });
  expect((await jobs.post(`/api/ai/jobs/${id}/retry`)).status).toBe(202);
  await jobs.until("analysis.succeeded", id);
});
