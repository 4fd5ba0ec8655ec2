import { campaign } from "../adapters/mysql/leadership.js";
import type { Connections } from "../connections.js";
import type { Metrics } from "../health/metrics.js";
import type { Logger } from "../log.js";
import { repeat } from "../pipeline/repeat.js";
import { verifyStored } from "../renditions/verify-stored.js";
import type { Renderer } from "../transcoding/renderer.js";

const HOUR_MILLISECONDS = 3_600_000;
/** A higher rate takes several each time. */
const SHORTEST_MILLISECONDS = 1_000;

/** One transcoding process of all re-reads stored renditions, those first that were not checked for longest. */
export function startVerification(
  perHour: number,
  renderer: Renderer,
  { sequelize, state, renditions, announce }: Connections,
  metrics: Metrics,
  log: Logger,
): { stop(): Promise<void> } {
  if (perHour === 0) return { stop: () => Promise.resolve() };
  const interval = Math.max(SHORTEST_MILLISECONDS, HOUR_MILLISECONDS / perHour);
  const atOnce = Math.round((interval * perHour) / HOUR_MILLISECONDS);
  const count = (outcome: "good" | "bad") => metrics.verifications.inc({ outcome });
  const dependencies = { renditions, state, renderer, announce, log, count };
  return campaign(sequelize, "neuronova.verification", log, () => {
    const loop = repeat("verification", interval, log, async (signal) => {
      for (const stored of await renditions.longestUnverified(atOnce)) {
        if (signal.aborted) break;
        await verifyStored(stored, dependencies);
      }
      return "idle";
    });
    return () => loop.stop();
  });
}
