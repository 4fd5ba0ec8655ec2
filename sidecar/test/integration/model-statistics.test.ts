import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { MySqlModelStatistics } from "../../src/adapters/mysql/mysql-model-statistics.js";
import { MySqlState } from "../../src/adapters/mysql/mysql-state.js";
import { countDays } from "../../src/models/count-days.js";
import { createDemoStudy } from "../../src/phantom/demo-study.js";
import { LoneDatabase } from "../stack/lone-database.js";
import { People } from "../stack/people.js";
import { runCommand } from "../stack/run-program.js";
import { RunningStack } from "../stack/running-stack.js";

const HASH = "a".repeat(64);
const never = new AbortController().signal;

interface Analysis {
  readonly series: number;
  readonly state: "succeeded" | "failed" | "canceled" | "not-applicable" | "running";
  readonly finishedAt: string;
  readonly code?: string;
  readonly modelMilliseconds?: number;
  readonly waitSeconds?: number;
  readonly attempts?: number;
  readonly shadow?: boolean;
}

describe("what models did, by day, from a database", () => {
  let database: LoneDatabase;
  let statistics: MySqlModelStatistics;
  let now: Date;

  beforeAll(async () => {
    database = await LoneDatabase.start();
    statistics = new MySqlModelStatistics(database.sequelize);
  });
  afterAll(() => database.stop());

  const run = (statement: string) => database.sequelize.query(statement);
  const idOf = (series: number) => `00000000-00000000-00000000-00000000-0000000${series}`;

  beforeEach(async () => {
    for (const table of ["review", "analysis", "series", "study", "model_statistics", "position_cursor"])
      await run(`DELETE FROM ${table}`);
    await run(`INSERT INTO study (orthanc_id, study_instance_uid, patient_key, patient_id, issuer_of_patient_id,
        patient_name, patient_birth_date, patient_sex, study_date, study_time, study_description, accession_number)
      VALUES ('${idOf(0)}', '1.2.3', '${HASH}', 'P-1', '', 'Hong^Gildong', '19700101', 'M', '', '', '', '')`);
    for (const series of [1, 2, 3, 4, 5, 6, 7])
      await run(`INSERT INTO series (orthanc_id, study_id, series_instance_uid, modality, series_description,
          body_part_examined, state)
        VALUES ('${idOf(series)}', '${idOf(0)}', '1.2.3.${series}', 'MR', '', '', 'stable')`);
    now = new Date("2026-03-03T12:00:00Z");
  });

  async function analysis(of: Analysis): Promise<void> {
    const { series, state, finishedAt, code, modelMilliseconds, waitSeconds = 1, attempts = 1 } = of;
    const result =
      modelMilliseconds === undefined ? "NULL" : `'{"modelMilliseconds":${modelMilliseconds}.25}'`;
    await run(`INSERT INTO analysis (series_id, model_name, model_version, input_digest, state, code, reason, attempts,
        queued_at, waiting_since, started_at, finished_at, result, shadow)
      VALUES ('${idOf(series)}', 'tumor_detection', '1.0.0', '${HASH}', '${state}', ${code ? `'${code}'` : "NULL"},
        'Hong^Gildong', ${attempts}, '2020-01-01', '${finishedAt}' - INTERVAL ${60 + waitSeconds} SECOND,
        '${finishedAt}' - INTERVAL 60 SECOND, '${finishedAt}', ${result}, ${of.shadow === true ? 1 : 0})`);
  }

  const decide = (decision: string, at: string, report: string) =>
    run(`INSERT INTO review (analysis_id, study_instance_uid, model_name, model_version, report_sop_instance_uid, decision,
        reviewer_subject, reviewer_username, reviewer_name, reviewer_organisation, decided_at, original)
      VALUES (1, '1.2.3', 'tumor_detection', '1.0.0', '${report}', '${decision}', 's', 'kim', 'Kim', 'o', '${at}', '{}')`);

  const count = () =>
    countDays(
      { store: statistics, state: new MySqlState(database.sequelize, () => undefined), now: () => now },
      never,
    );
  const kept = async () =>
    (await statistics.since("2000-01-01")).map(({ countedAt, ...figures }) => {
      expect(countedAt).toBeInstanceOf(Date);
      return figures;
    });

  test("each day has its own counts and times; shadows and what still runs are none of it", async () => {
    await analysis({
      series: 1,
      state: "succeeded",
      finishedAt: "2026-03-01 00:00:00",
      modelMilliseconds: 100,
    });
    await analysis({
      ...{ series: 2, state: "succeeded", finishedAt: "2026-03-01 23:59:59.999" },
      ...{ modelMilliseconds: 300, waitSeconds: 3 },
    });
    await analysis({ series: 3, state: "failed", finishedAt: "2026-03-01 10:00:00", code: "slices-missing" });
    await analysis({
      ...{ series: 4, state: "canceled", finishedAt: "2026-03-01 10:00:00", code: "canceled" },
      ...{ waitSeconds: 3_000, attempts: 2 },
    });
    await analysis({
      series: 5,
      state: "not-applicable",
      finishedAt: "2026-03-03 10:00:00",
      code: "model-missing",
    });
    await analysis({ ...{ series: 6, state: "succeeded", finishedAt: "2026-03-01 10:00:00" }, shadow: true });
    await analysis({ series: 7, state: "running", finishedAt: "2026-03-01 10:00:00" });
    await decide("accepted", "2026-03-02 09:00:00", "1.1");
    await decide("edited", "2026-03-02 10:00:00", "1.2");
    await decide("rejected", "2026-03-03 10:00:00", "1.3");
    await count();
    const model = { name: "tumor_detection", version: "1.0.0" };
    const none = { succeeded: 0, failed: 0, canceled: 0, notApplicable: 0, failures: {} };
    const undecided = { accepted: 0, rejected: 0, edited: 0 };
    const untimed = { modelMilliseconds: null, waitMilliseconds: null };
    expect(await kept()).toEqual([
      {
        ...{ day: "2026-03-01", ...model, ...undecided },
        ...{ succeeded: 2, failed: 1, canceled: 1, notApplicable: 0, failures: { "slices-missing": 1 } },
        modelMilliseconds: { median: 100, p95: 300 },
        // Of three that were begun once; what was begun again is not among them.
        waitMilliseconds: { median: 1_000, p95: 3_000 },
      },
      { day: "2026-03-02", ...model, ...none, ...untimed, accepted: 1, edited: 1, rejected: 0 },
      {
        ...{ day: "2026-03-03", ...model, ...none, ...undecided, ...untimed },
        ...{ notApplicable: 1, rejected: 1, waitMilliseconds: { median: 1_000, p95: 1_000 } },
      },
    ]);
    const rows = JSON.stringify((await run("SELECT * FROM model_statistics"))[0]);
    expect(rows).not.toMatch(/Hong|P-1|1\.2\.3/);
  });

  test("a day is counted again until it is over, and never doubled", async () => {
    await analysis({ series: 1, state: "failed", finishedAt: "2026-03-03 10:00:00", code: "x" });
    await count();
    await count();
    expect(await kept()).toMatchObject([{ day: "2026-03-03", failed: 1, succeeded: 0 }]);
    // It was asked for again, and this time it came to something.
    await run("DELETE FROM analysis");
    await analysis({
      series: 1,
      state: "succeeded",
      finishedAt: "2026-03-03 23:59:00",
      modelMilliseconds: 1,
    });
    now = new Date("2026-03-04T00:05:00Z");
    await count();
    expect(await kept()).toMatchObject([{ day: "2026-03-03", failed: 0, succeeded: 1, failures: {} }]);
  });

  test("an earlier day stays as it was, whatever became of its analyses", async () => {
    await analysis({
      series: 1,
      state: "succeeded",
      finishedAt: "2026-03-02 10:00:00",
      modelMilliseconds: 7,
    });
    await count();
    const before = await kept();
    await run("DELETE FROM analysis");
    for (const hours of [1, 24, 240]) {
      now = new Date(now.getTime() + hours * 3_600_000);
      await count();
    }
    expect(await kept()).toEqual(before);
    expect(before).toMatchObject([{ day: "2026-03-02", succeeded: 1, modelMilliseconds: { median: 7 } }]);
  });

  test("after a time in which nothing counted, the days between are made up for", async () => {
    await count();
    await analysis({
      series: 1,
      state: "succeeded",
      finishedAt: "2026-03-05 10:00:00",
      modelMilliseconds: 7,
    });
    now = new Date("2026-03-09T08:00:00Z");
    await count();
    expect(await kept()).toMatchObject([{ day: "2026-03-05", succeeded: 1 }]);
  });

  test("whoever leads no more ends between two days and leaves the rest to the next", async () => {
    await analysis({
      series: 1,
      state: "succeeded",
      finishedAt: "2026-03-01 10:00:00",
      modelMilliseconds: 7,
    });
    const stopped = AbortSignal.abort();
    const state = new MySqlState(database.sequelize, () => undefined);
    await expect(countDays({ store: statistics, state, now: () => now }, stopped)).rejects.toThrow();
    expect(await kept()).toEqual([]);
    await count();
    expect(await kept()).toHaveLength(1);
  });
});

describe("a model's figures in a stack", () => {
  let stack: RunningStack;
  const today = () => new Date().toISOString().slice(0, 10);

  beforeAll(async () => {
    stack = await RunningStack.start({ settings: { NEURONOVA_STABLE_AFTER_SECONDS: "0.5" } });
    const files = createDemoStudy({ seed: 64, slices: 12 });
    const events = await stack.events();
    await stack.storeOverWeb(files.map(({ bytes }) => bytes));
    await events.until("a result", () => events.of("analysis.succeeded").length > 0);
    events.close();
    const counted = async () =>
      expect(await stack.sql("SELECT 1 FROM schedule_run WHERE name = 'model-statistics'")).toHaveLength(1);
    await vi.waitFor(counted, { timeout: 60_000, interval: 200 });
    await stack.sql("UPDATE schedule_run SET done_slot = NULL WHERE name = 'model-statistics'");
    await vi.waitFor(async () => expect(await stack.sql("SELECT 1 FROM model_statistics")).toHaveLength(1), {
      timeout: 60_000,
      interval: 200,
    });
  });
  afterAll(() => stack.stop());

  test("are counted by the schedule, with the time in the model and in the queue, and answered by the API", async () => {
    const found = await stack.json<{ name: string; since: string; days: Record<string, unknown>[] }>(
      "/api/ai/models/tumor_detection/statistics",
    );
    expect(found.name).toBe("tumor_detection");
    expect(Date.parse(today()) - Date.parse(found.since)).toBe(90 * 86_400_000);
    expect(found.days).toHaveLength(1);
    const [day] = found.days;
    expect(day).toMatchObject({ version: "1.0.0", succeeded: 1, failed: 0, failures: {} });
    for (const times of ["modelMilliseconds", "waitMilliseconds"]) {
      const { median, p95 } = day?.[times] as { median: number; p95: number };
      expect(p95, times).toBe(median);
      expect(median, times).toBeLessThan(60_000);
    }
    expect((day?.["modelMilliseconds"] as { median: number }).median).toBeGreaterThan(0);
    const later = await stack.json<{ days: unknown[] }>(
      "/api/ai/models/tumor_detection/statistics?since=2999-01-01",
    );
    expect(later.days).toEqual([]);
  });

  test("are refused for a day that is none, for an unknown model, and to who reaches only some studies", async () => {
    const status = async (path: string) => (await stack.fetch(path)).status;
    expect(await status("/api/ai/models/tumor_detection/statistics?since=yesterday")).toBe(400);
    expect(await status("/api/ai/models/tumor_detection/statistics?from=2026-01-01")).toBe(400);
    expect(await status("/api/ai/models/none/statistics")).toBe(404);
    expect(await status("/api/ai/models/stroke_risk/statistics")).toBe(200);
    const people = new People(stack);
    const ward = await people.token("of-a-ward", "doctor", { labels: ["ward-1"] });
    const refused = await stack.fetch("/api/ai/models/tumor_detection/statistics", {
      headers: { Authorization: `Bearer ${ward}` },
    });
    expect(refused.status).toBe(403);
  });

  test("are printed by the command, as lines and as JSON", async () => {
    const lines = await runCommand(stack, "models", "statistics");
    expect(lines.status, lines.output).toBe(0);
    expect(lines.output).toMatch(
      /^\d{4}-\d\d-\d\d tumor_detection 1\.0\.0 {2}succeeded 1 {2}failed 0 .* {2}model \d+ ms \(95 %: \d+ ms\) {2}wait \d+ ms .*accepted 0, edited 0, rejected 0\n$/,
    );
    const json = await runCommand(stack, "models", "statistics", "tumor_detection", "--json");
    expect(JSON.parse(json.output)).toMatchObject([{ name: "tumor_detection", succeeded: 1 }]);
    const none = await runCommand(stack, "models", "statistics", "--since", "2999-01-01");
    expect(none).toEqual({ status: 0, output: "" });
    expect((await runCommand(stack, "models", "statistics", "none")).status).toBe(64);
    expect((await runCommand(stack, "models", "statistics", "--since", "soon")).status).toBe(64);
  });
});
