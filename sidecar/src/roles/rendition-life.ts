import type { Config } from "../config.js";
import type { Connections } from "../connections.js";
import type { Logger } from "../log.js";
import { repeat, type Repetition } from "../pipeline/repeat.js";
import { applyRetention } from "../renditions/apply-retention.js";
import { fillBackground } from "../renditions/fill-background.js";
import { retentionPolicy, type RetentionPolicy } from "../renditions/retention-policy.js";
import { LOOPS } from "../schedules/loops.js";

/** What one process of all does for renditions: bring background work into the queue, drop what is not kept. */
export function lookAfterRenditions(
  config: Config,
  { renditions, queue, archive }: Connections,
  log: Logger,
): Repetition[] {
  const policy = policyOf(config);
  return [
    repeat("retention", LOOPS.retention.milliseconds, log, async (signal) => {
      const { count, bytes } = await applyRetention(policy, { renditions, archive }, signal);
      if (count > 0) log.info({ renditions: count, bytes }, "renditions past their retention were dropped");
      return "idle";
    }),
    repeat("background", LOOPS.background.milliseconds, log, () => fillBackground({ renditions, queue })),
  ];
}

export function policyOf(config: Config): RetentionPolicy {
  return retentionPolicy(config.NEURONOVA_RENDITION_RETENTION_DAYS, config.NEURONOVA_RENDITION_GIGABYTES);
}
