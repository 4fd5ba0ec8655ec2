import { Gauge, type Registry } from "prom-client";
import type { ScheduleRun } from "../schedules/schedule-store.js";
import { inTime } from "./in-time.js";
import { kept } from "./kept.js";

/** The gauges of one scrape share an answer. */
const SCRAPE_MILLISECONDS = 5_000;

export interface ScheduleSources {
  readonly runs: () => Promise<readonly ScheduleRun[]>;
  readonly firstBadAuditRow: () => Promise<number>;
  readonly lastBackup: () => Promise<Date | null>;
}

/** What one process of all does once in a while, of the whole installation. */
export function watchSchedules(registry: Registry, sources: ScheduleSources): void {
  const runs = kept(sources.runs, SCRAPE_MILLISECONDS);
  const gauge = (name: string, help: string, value: (run: ScheduleRun) => number) =>
    new Gauge({
      name,
      help,
      labelNames: ["schedule"],
      registers: [registry],
      async collect() {
        const found = await runs().catch(() => []);
        this.reset();
        for (const run of found) this.set({ schedule: run.name }, value(run));
      },
    });
  const seconds = (date: Date) => date.getTime() / 1_000;
  gauge("neuronova_schedule_last_end_seconds", "When scheduled work last ended, Unix time", ({ endedAt }) =>
    seconds(endedAt),
  );
  gauge(
    "neuronova_schedule_succeeded",
    "Whether scheduled work did what it should the last time",
    ({ succeeded }) => Number(succeeded),
  );
  gauge("neuronova_schedule_runs", "How often scheduled work was done", (run) => run.runs);
  new Gauge({
    name: "neuronova_audit_first_bad_row",
    help: "Sequence of the first bad audit row that the last daily verification found; 0 for none",
    registers: [registry],
    async collect() {
      const sequence = await inTime(sources.firstBadAuditRow).catch(() => undefined);
      if (sequence === undefined) this.remove();
      else this.set(sequence);
    },
  });
  new Gauge({
    name: "neuronova_backup_last_seconds",
    help: "When a backup was last noted, Unix time; 0 for never",
    registers: [registry],
    async collect() {
      const last = await inTime(sources.lastBackup).catch(() => undefined);
      if (last === undefined) this.remove();
      else this.set(last === null ? 0 : seconds(last));
    },
  });
}
