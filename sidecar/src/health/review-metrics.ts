import { Gauge, type Registry } from "prom-client";
import { REVIEW_DECISIONS } from "../state/review-records.js";
import type { ModelStatistics } from "../review/statistics.js";

/** Gauges of how often people agreed with models, by model and version. */
export function watchReviews(
  registry: Registry,
  statistics: () => Promise<readonly ModelStatistics[]>,
): void {
  new Gauge({
    name: "neuronova_ai_reviews",
    help: "AI results that people have decided about, by model, version and decision",
    labelNames: ["model", "version", "decision"],
    registers: [registry],
    async collect() {
      const found = await statistics().catch(() => []);
      this.reset();
      for (const { model, version, decisions } of found)
        for (const decision of REVIEW_DECISIONS)
          this.set({ model, version, decision }, decisions[decision].count);
    },
  });
  new Gauge({
    name: "neuronova_ai_results_unreviewed",
    help: "AI results that nobody has reviewed, by model and version",
    labelNames: ["model", "version"],
    registers: [registry],
    async collect() {
      const found = await statistics().catch(() => []);
      this.reset();
      for (const { model, version, unreviewed } of found) this.set({ model, version }, unreviewed);
    },
  });
}
