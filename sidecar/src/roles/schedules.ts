import { removeBefore } from "../audit/retention.js";
import type { AuditTrail } from "../audit/audit-trail.js";
import type { Config } from "../config.js";
import type { Connections } from "../connections.js";
import { removeEvents } from "../events/event-retention.js";
import type { Logger } from "../log.js";
import { countDays } from "../models/count-days.js";
import { repeat, type Repetition } from "../pipeline/repeat.js";
import { lastBackup } from "../schedules/backup-note.js";
import { cleanUp } from "../schedules/clean-up.js";
import { LOOPS } from "../schedules/loops.js";
import { runDue, type Task } from "../schedules/run-due.js";
import type { ScheduleName } from "../schedules/schedule.js";
import { verifyTrail } from "../schedules/verify-trail.js";

const DAY_MILLISECONDS = 86_400_000;
const HOUR_MILLISECONDS = 3_600_000;
const PRUNED_AT_ONCE = 5_000;

const daysAgo = (days: number) => new Date(Date.now() - days * DAY_MILLISECONDS);

/** What one process of all does once in a while. */
export function keepSchedules(
  config: Config,
  connections: Connections,
  trail: AuditTrail,
  log: Logger,
): Repetition {
  const dependencies = {
    store: connections.schedules,
    tasks: tasksOf(config, connections, trail, log),
    log,
    now: () => new Date(),
  };
  return repeat("schedules", LOOPS.schedules.milliseconds, log, async (signal) => {
    await runDue(dependencies, signal);
    return "idle";
  });
}

function tasksOf(
  config: Config,
  { cleanUpStore, eventRetention, outbox, auditChain: chain, modelStatistics, state }: Connections,
  trail: AuditTrail,
  log: Logger,
): Record<ScheduleName, Task> {
  const auditDays = config.NEURONOVA_AUDIT_RETENTION_DAYS;
  const backupHours = config.NEURONOVA_BACKUP_HOURS;
  return {
    async "clean-up"(signal) {
      const removed = await cleanUp(cleanUpStore, signal);
      if (removed > 0) log.info({ removed }, "expired tokens and sessions were removed");
    },
    async "event-retention"(signal) {
      const removed = await removeEvents(
        daysAgo(config.NEURONOVA_EVENT_RETENTION_DAYS),
        eventRetention,
        signal,
      );
      if (removed > 0) log.info({ removed }, "events past their retention were removed");
    },
    async "outbox-retention"(signal) {
      const days = config.NEURONOVA_OUTBOX_RETENTION_DAYS;
      while ((await outbox.prune(days, PRUNED_AT_ONCE)) === PRUNED_AT_ONCE) signal.throwIfAborted();
    },
    async "audit-retention"() {
      if (auditDays === 0) return;
      const announce = config.NEURONOVA_AUDIT_FHIR === "on";
      const removed = await removeBefore(daysAgo(auditDays), { chain, trail, announce });
      if (removed > 0) log.info({ removed }, "audit rows past their retention were removed");
    },
    "audit-verification": (signal) => verifyTrail({ chain, state, log }, signal),
    async "backup-reminder"() {
      if (backupHours === 0) return;
      const last = await lastBackup(state.read);
      const isOld = last === null || Date.now() - last.getTime() > backupHours * HOUR_MILLISECONDS;
      if (isOld) log.warn({ last }, "no backup was noted for too long");
    },
    "model-statistics": (signal) =>
      countDays({ store: modelStatistics, state, now: () => new Date() }, signal),
  };
}
