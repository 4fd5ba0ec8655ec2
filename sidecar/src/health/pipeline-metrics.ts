import { Counter, Gauge, Histogram, type Registry } from "prom-client";
import type { UnfinishedWork } from "../pipeline/unfinished-work.js";
import type { InstanceRow } from "../state/records.js";
import type { FinishedInstance } from "../transcoding/finish-instances.js";
import { kept } from "./kept.js";

/** The gauges of one scrape share an answer. */
const SCRAPE_MILLISECONDS = 5_000;
/** From a second, which is quick, to a day, which is an outage. */
const LAG_SECONDS = [0.5, 1, 2, 5, 10, 20, 30, 60, 120, 300, 1_200, 3_600, 14_400, 86_400];

type Arrived = Pick<InstanceRow, "arrivedAt" | "urgency" | "rendition" | "attempts">;

/** How long images and results are under way, and why some images are never rendered. */
export class PipelineMetrics {
  private readonly renditionLag: Histogram;
  private readonly resultLag: Histogram<"model">;
  private readonly renderFailures: Counter<"reason">;

  constructor(registry: Registry) {
    this.renditionLag = new Histogram({
      name: "neuronova_arrival_to_rendition_seconds",
      help: "From the arrival of an instance in Orthanc to its rendition; without the background's and repeated ones",
      buckets: LAG_SECONDS,
      registers: [registry],
    });
    this.resultLag = new Histogram({
      name: "neuronova_arrival_to_result_seconds",
      help: "From the arrival of the last instance of a series to the result of a model that ran by itself, by model",
      labelNames: ["model"],
      buckets: LAG_SECONDS,
      registers: [registry],
    });
    this.renderFailures = new Counter({
      name: "neuronova_render_failures_total",
      help: "Instances that have no rendition for good, by reason",
      labelNames: ["reason"],
      registers: [registry],
    });
  }

  /** An instance is rendered, or never will be. */
  finished(instance: Arrived, outcome: FinishedInstance["outcome"], now = Date.now()): void {
    if (outcome.kind === "not-renderable") this.renderFailures.inc({ reason: outcome.code });
    // What waited on purpose, is made again, or had failed before says nothing of how quick the pipeline is.
    else if (instance.rendition === "pending" && instance.urgency === "live" && instance.attempts === 0)
      this.renditionLag.observe(secondsSince(instance.arrivedAt, now));
  }

  /** An instance was given up. @param error the fault of the last attempt */
  givenUp(error: unknown): void {
    const code = (error as { code?: unknown } | null)?.code;
    this.renderFailures.inc({ reason: typeof code === "string" && CODE.test(code) ? code : "unknown-fault" });
  }

  /** A model that ran by itself has a result on a series. */
  result(model: string, instances: readonly Pick<InstanceRow, "arrivedAt">[], now = Date.now()): void {
    if (instances.length === 0) return;
    const last = Math.max(...instances.map(({ arrivedAt }) => arrivedAt.getTime()));
    this.resultLag.observe({ model }, secondsSince(new Date(last), now));
  }
}

/** Our own codes only: a driver's may hold anything. */
const CODE = /^[a-z-]{1,64}$/;

/** Two machines' clocks: a little before zero is zero. */
function secondsSince(arrivedAt: Date, now: number): number {
  return Math.max(0, (now - arrivedAt.getTime()) / 1_000);
}

/** What waits, of the whole installation. */
export function watchUnfinishedWork(registry: Registry, unfinished: () => Promise<UnfinishedWork>): void {
  const recent = kept(unfinished, SCRAPE_MILLISECONDS);
  new Gauge({
    name: "neuronova_unfinished_oldest_seconds",
    help: "Age of the oldest work that is not finished, by kind; 0 when there is none",
    labelNames: ["work"],
    registers: [registry],
    async collect() {
      const found: Partial<UnfinishedWork> = await recent().catch(() => ({}));
      this.reset();
      for (const [work, seconds] of Object.entries(found)) this.set({ work }, seconds);
    },
  });
}
