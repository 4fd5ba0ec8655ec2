import { randomUUID } from "node:crypto";
import type { RequestJobsDependencies } from "../ai-jobs/request-jobs.js";
import type { AuditTrail } from "../audit/audit-trail.js";
import type { StudyAccess } from "../authorization/study-access.js";
import type { Connections } from "../connections.js";
import { workOnNextHook } from "../hooks/work-on-hook.js";
import type { Logger } from "../log.js";
import { repeat } from "../pipeline/repeat.js";
import { LOOPS } from "../schedules/loops.js";

/** Works on what integrators told; nothing without the key that seals their secrets. */
export function startHooks(
  { state, queue, jobs, emr, hookSources: sources, hookMessages: hooks, onWake }: Connections,
  {
    models,
    access,
    trail,
  }: {
    readonly models: RequestJobsDependencies["models"];
    readonly access: StudyAccess;
    readonly trail: AuditTrail;
  },
  log: Logger,
): { stop(): Promise<void> }[] {
  if (sources === undefined) return [];
  const worker = {
    ...{ state, queue, jobs, emr, sources, hooks, models, access, trail, log },
    owner: randomUUID(),
  };
  const loop = repeat("hooks", LOOPS.hooks.milliseconds, log, () => workOnNextHook(worker));
  onWake((topics) => {
    if (topics.has("hooks")) loop.wake();
  });
  return [loop];
}
