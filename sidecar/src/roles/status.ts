import { unfinishedWork } from "../adapters/mysql/mysql-unfinished-work.js";
import type { Config } from "../config.js";
import type { Connections } from "../connections.js";
import { kept } from "../health/kept.js";
import type { AuditState } from "../health/metrics.js";
import { queuesOf } from "../health/queue-routes.js";
import type { StatusSources } from "../health/status.js";
import { outboxOverview } from "../outbox/overview.js";
import { lastBackup } from "../schedules/backup-note.js";
import { firstBadAuditRow } from "../schedules/verify-trail.js";

/** Counting every instance takes a while where there are many. */
const FIGURES_MILLISECONDS = 15_000;

/** Where the status of the installation comes from; readiness is the process's own. */
export function statusSources(
  config: Config,
  connections: Connections,
  audit: { state(): Promise<AuditState> },
): Omit<StatusSources, "readiness"> {
  const { queue, sequelize, renditions, schedules, state } = connections;
  return {
    queues: async () => queuesOf(await queue.depth()),
    oldestSeconds: () => unfinishedWork(sequelize),
    renditions: kept(() => renditions.figures(), FIGURES_MILLISECONDS),
    destinations: () => outboxOverview(connections),
    schedules: () => schedules.runs(),
    audit: () => audit.state(),
    firstBadAuditRow: () => firstBadAuditRow(state.read),
    lastBackup: () => lastBackup(state.read),
    backupHours: config.NEURONOVA_BACKUP_HOURS,
  };
}
