import type { DestinationOverview } from "../outbox/overview.js";
import type { UnfinishedWork } from "../pipeline/unfinished-work.js";
import type { RenditionFigures } from "../renditions/rendition-store.js";
import type { ScheduleRun } from "../schedules/schedule-store.js";
import { inTime } from "./in-time.js";
import type { AuditState } from "./metrics.js";
import type { Queue } from "./queue-routes.js";
import type { Readiness } from "./readiness.js";

/** What may be wrong with an installation; the second part says where. */
export const CONCERNS = [
  "dependency-down",
  "not-known",
  "destination-shut",
  "messages-failed",
  "work-late",
  "schedule-failed",
  "audit-broken",
  "backup-old",
] as const;

export interface Concern {
  readonly code: (typeof CONCERNS)[number];
  readonly subject: string;
  /** Of what is late: how old the oldest is. */
  readonly seconds?: number;
}

/** Each may throw, or take too long: then that part is not known, and said to be so. */
export interface StatusSources {
  /** Of this process. */
  readonly readiness: () => Promise<Readiness>;
  readonly queues: () => Promise<readonly Queue[]>;
  readonly oldestSeconds: () => Promise<UnfinishedWork>;
  readonly renditions: () => Promise<readonly RenditionFigures[]>;
  readonly destinations: () => Promise<readonly DestinationOverview[]>;
  readonly schedules: () => Promise<readonly ScheduleRun[]>;
  readonly audit: () => Promise<AuditState>;
  /** Sequence; 0 for none. */
  readonly firstBadAuditRow: () => Promise<number>;
  readonly lastBackup: () => Promise<Date | null>;
  /** After which a backup is too old; 0 where nobody wants to be told. */
  readonly backupHours: number;
}

const HOUR_MILLISECONDS = 3_600_000;

/**
 * From when on somebody should look, as the alerts in observability/alerts.yaml do: nobody works on it, or too slowly.
 * What waits in the background on purpose is in none of these ages.
 */
export const LATE_SECONDS = {
  rendition: 300,
  analysis: 1_800,
  inference: 300,
  message: 600,
  audit: 300,
} as const;

/** How the whole installation is, for a page of those who look after it. Names no patient. */
export async function installationStatus(sources: StatusSources, now = new Date()) {
  const unknown: Concern[] = [];
  const known = async <T>(subject: string, ask: () => Promise<T>): Promise<T | null> => {
    try {
      return await inTime(ask);
    } catch {
      unknown.push({ code: "not-known", subject });
      return null;
    }
  };
  const [readiness, queues, oldestSeconds, renditions, destinations, schedules, audit, badRow, lastBackup] =
    await Promise.all([
      sources.readiness(),
      known("queues", sources.queues),
      known("oldest", sources.oldestSeconds),
      known("renditions", async () => countsOf(await sources.renditions())),
      known("destinations", sources.destinations),
      known("schedules", sources.schedules),
      known("audit", sources.audit),
      known("audit-verification", sources.firstBadAuditRow),
      known("backup", async () => ({ at: await sources.lastBackup() })),
    ]);
  const oldBackup =
    sources.backupHours > 0 &&
    lastBackup !== null &&
    now.getTime() - (lastBackup.at?.getTime() ?? 0) > sources.backupHours * HOUR_MILLISECONDS;
  const concerns: Concern[] = [
    ...Object.entries(readiness.dependencies).flatMap(([subject, { status }]) =>
      status === "down" ? [{ code: "dependency-down", subject } as const] : [],
    ),
    ...unknown.sort((a, b) => a.subject.localeCompare(b.subject, "en")),
    ...(destinations ?? []).flatMap(({ destination: subject, breaker, failed }): Concern[] => [
      ...(breaker === "closed" ? [] : [{ code: "destination-shut", subject } as const]),
      ...(failed === 0 ? [] : [{ code: "messages-failed", subject } as const]),
    ]),
    ...lateWork(oldestSeconds, destinations ?? [], audit),
    ...(schedules ?? []).flatMap(({ name: subject, succeeded }) =>
      succeeded ? [] : [{ code: "schedule-failed", subject } as const],
    ),
    ...((badRow ?? 0) > 0 ? [{ code: "audit-broken", subject: String(badRow) } as const] : []),
    ...(oldBackup ? [{ code: "backup-old", subject: lastBackup.at?.toISOString() ?? "never" } as const] : []),
  ];
  const state = readiness.status !== "ready" ? "down" : concerns.length > 0 ? "degraded" : "well";
  return {
    state: state,
    at: now,
    concerns,
    dependencies: readiness.dependencies,
    queues,
    oldestSeconds,
    renditions,
    destinations,
    schedules,
    audit: audit === null ? null : { waiting: audit.waiting, secondsSinceSeal: audit.secondsSinceSeal },
    lastBackup: lastBackup?.at ?? null,
  };
}

/** Work that waits for longer than it should, with the age of the oldest of each step or destination. */
function lateWork(
  oldestSeconds: UnfinishedWork | null,
  destinations: readonly DestinationOverview[],
  audit: AuditState | null,
): Concern[] {
  const { rendition, analysis, inference, message } = LATE_SECONDS;
  const ages: readonly (readonly [subject: string, seconds: number | undefined, limit: number])[] = [
    ["rendition", oldestSeconds?.rendition, rendition],
    ["analysis", oldestSeconds?.analysis, analysis],
    ["inference", oldestSeconds?.inference, inference],
    ...destinations.map((one) => [one.destination, one.oldestSeconds, message] as const),
    ["audit", (audit?.waiting ?? 0) > 0 ? audit?.secondsSinceSeal : 0, LATE_SECONDS.audit],
  ];
  return ages.flatMap(([subject, seconds = 0, limit]) =>
    seconds > limit ? [{ code: "work-late", subject, seconds: Math.floor(seconds) } as const] : [],
  );
}

function countsOf(figures: readonly RenditionFigures[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const { state, count } of figures) counts[state] = (counts[state] ?? 0) + count;
  return counts;
}
