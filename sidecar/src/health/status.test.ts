import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { LATE_SECONDS, installationStatus, type StatusSources } from "./status.js";

const NOW = new Date("2026-02-01T12:00:00Z");
const hoursAgo = (hours: number) => new Date(NOW.getTime() - hours * 3_600_000);

const WELL: StatusSources = {
  readiness: () => Promise.resolve({ status: "ready", dependencies: { orthanc: { status: "up" } } }),
  queues: () => Promise.resolve([{ step: "transcode-instance", waiting: 3, delayed: 0, running: 1 }]),
  oldestSeconds: () => Promise.resolve({ rendition: 1.5, analysis: 0, inference: 0 }),
  renditions: () =>
    Promise.resolve([
      { state: "rendered", format: 1, count: 4, renditionBytes: 1, pixelBytes: 2 },
      { state: "rendered", format: 2, count: 5, renditionBytes: 1, pixelBytes: 2 },
    ]),
  destinations: () => Promise.resolve([destination("closed", 0)]),
  schedules: () => Promise.resolve([schedule(true)]),
  audit: () => Promise.resolve({ written: 1, waiting: 2, secondsSinceSeal: 0.1 }),
  firstBadAuditRow: () => Promise.resolve(0),
  lastBackup: () => Promise.resolve(hoursAgo(20)),
  backupHours: 26,
};

function destination(breaker: "closed" | "open", failed: number) {
  const state = { since: null, code: null, workers: 1, pending: 0, oldestSeconds: 0 };
  return { destination: "fhir" as const, breaker, failed, ...state };
}

function schedule(succeeded: boolean) {
  const times = { doneSlot: null, startedAt: hoursAgo(1), endedAt: hoursAgo(1) };
  return { name: "audit-verification", succeeded, runs: 1, ...times };
}

describe("the status of an installation", () => {
  test("is well when nothing is wrong, with its figures", async () => {
    expect(await installationStatus(WELL, NOW)).toMatchObject({
      state: "well",
      concerns: [],
      renditions: { rendered: 9 },
      audit: { waiting: 2 },
      lastBackup: hoursAgo(20),
    });
  });

  const fails = () => Promise.reject(new Error("away"));
  const cases: [string, Partial<StatusSources>, string, object][] = [
    [
      "a destination that is shut",
      { destinations: () => Promise.resolve([destination("open", 0)]) },
      "degraded",
      { code: "destination-shut", subject: "fhir" },
    ],
    [
      "messages that failed",
      { destinations: () => Promise.resolve([destination("closed", 2)]) },
      "degraded",
      { code: "messages-failed", subject: "fhir" },
    ],
    [
      "images that nobody renders",
      { oldestSeconds: () => Promise.resolve({ rendition: 300.5, analysis: 1_800, inference: 300 }) },
      "degraded",
      { code: "work-late", subject: "rendition", seconds: 300 },
    ],
    [
      "analyses that nobody runs",
      { oldestSeconds: () => Promise.resolve({ rendition: 0, analysis: 1_801, inference: 0 }) },
      "degraded",
      { code: "work-late", subject: "analysis", seconds: 1_801 },
    ],
    [
      "messages that nobody delivers",
      {
        destinations: () =>
          Promise.resolve([{ ...destination("closed", 0), pending: 1, oldestSeconds: 601 }]),
      },
      "degraded",
      { code: "work-late", subject: "fhir", seconds: 601 },
    ],
    [
      "an audit trail that nobody seals",
      { audit: () => Promise.resolve({ written: 1, waiting: 2, secondsSinceSeal: 301 }) },
      "degraded",
      { code: "work-late", subject: "audit", seconds: 301 },
    ],
    [
      "a part that hangs",
      { schedules: () => new Promise<never>(() => undefined) },
      "degraded",
      { code: "not-known", subject: "schedules" },
    ],
    [
      "a schedule that failed",
      { schedules: () => Promise.resolve([schedule(false)]) },
      "degraded",
      { code: "schedule-failed", subject: "audit-verification" },
    ],
    [
      "a broken audit trail",
      { firstBadAuditRow: () => Promise.resolve(17) },
      "degraded",
      { code: "audit-broken", subject: "17" },
    ],
    [
      "an old backup",
      { lastBackup: () => Promise.resolve(hoursAgo(27)) },
      "degraded",
      { code: "backup-old", subject: hoursAgo(27).toISOString() },
    ],
    [
      "no backup at all",
      { lastBackup: () => Promise.resolve(null) },
      "degraded",
      { code: "backup-old", subject: "never" },
    ],
    ["a part that cannot be told", { queues: fails }, "degraded", { code: "not-known", subject: "queues" }],
    [
      "a dependency it does without",
      { readiness: () => Promise.resolve({ status: "ready", dependencies: { fhir: { status: "down" } } }) },
      "degraded",
      { code: "dependency-down", subject: "fhir" },
    ],
    [
      "one it does not",
      {
        readiness: () =>
          Promise.resolve({ status: "not-ready", dependencies: { redis: { status: "down" } } }),
      },
      "down",
      { code: "dependency-down", subject: "redis" },
    ],
  ];
  test.each(cases)("tells of %s", async (_what, sources, state, concern) => {
    const status = await installationStatus({ ...WELL, ...sources }, NOW);
    expect(status).toMatchObject({ state, concerns: [concern] });
  });

  test("a part that cannot be told is null, not nothing", async () => {
    expect(await installationStatus({ ...WELL, queues: fails, lastBackup: fails }, NOW)).toMatchObject({
      queues: null,
      lastBackup: null,
      concerns: [
        { code: "not-known", subject: "backup" },
        { code: "not-known", subject: "queues" },
      ],
    });
  });

  test("calls work late when the alerts do", () => {
    const alerts = readFileSync(new URL("../../../observability/alerts.yaml", import.meta.url), "utf8");
    const { rendition, analysis, message, audit } = LATE_SECONDS;
    expect(alerts).toContain(`neuronova_unfinished_oldest_seconds{work="rendition"}) > ${rendition}\n`);
    expect(alerts).toContain(`neuronova_unfinished_oldest_seconds{work="analysis"}) > ${analysis}\n`);
    expect(alerts).toContain(`(neuronova_outbox_oldest_seconds) > ${message}\n`);
    expect(alerts).toContain(`(neuronova_audit_last_seal_seconds) > ${audit}\n`);
  });

  test("an audit trail that has nothing to seal is not late", async () => {
    const audit = () => Promise.resolve({ written: 1, waiting: 0, secondsSinceSeal: 9_000 });
    expect((await installationStatus({ ...WELL, audit }, NOW)).concerns).toEqual([]);
  });

  test("nobody is told of backups where none are asked for", async () => {
    const sources = { ...WELL, lastBackup: () => Promise.resolve(null), backupHours: 0 };
    expect((await installationStatus(sources, NOW)).concerns).toEqual([]);
  });
});
