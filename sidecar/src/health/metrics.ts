import type { RenditionFigures } from "../renditions/rendition-store.js";
import type { ModelStatistics } from "../review/statistics.js";
import type { BreakerState } from "../outbox/breaker.js";
import type { Backlog } from "../outbox/outbox-store.js";
import { inTime } from "./in-time.js";
import { kept } from "./kept.js";
import { PipelineMetrics } from "./pipeline-metrics.js";
import { watchReviews } from "./review-metrics.js";
import { watchBreaker, watchOutbox } from "./outbox-metrics.js";
import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from "prom-client";

/** Several gauges of one scrape, and scrapes that follow each other, share an answer. */
const FIGURES_MILLISECONDS = 15_000;
/** The gauges of one scrape share an answer. */
const SCRAPE_MILLISECONDS = 1_000;

export interface MetricSources {
  readonly queueDepth: () => Promise<Record<string, Record<string, number>>>;
  readonly backlog: () => Promise<readonly Backlog[]>;
  readonly webSockets: () => number;
}

export interface AuditState {
  /** By this process. */
  readonly written: number;
  readonly waiting: number;
  readonly secondsSinceSeal: number;
}

/**
 * The program's metrics, in Prometheus' text format at `/metrics` (never through nginx). A figure that cannot be told in
 * time is left out: the one of before would say that nothing has changed.
 */
export class Metrics {
  readonly registry = new Registry();
  readonly dicomWeb = new Counter({
    name: "neuronova_dicomweb_requests_total",
    help: "DICOMweb requests by transaction and who answered",
    labelNames: ["transaction", "source"] as const,
    registers: [this.registry],
  });
  readonly frames = new Counter({
    name: "neuronova_frames_total",
    help: "Frames that were asked for and answered, by who answered",
    labelNames: ["source"] as const,
    registers: [this.registry],
  });
  readonly denials = new Counter({
    name: "neuronova_access_denials_total",
    help: "Requests that were refused to somebody, known or not, by the reason that the audit trail has",
    labelNames: ["reason"] as const,
    registers: [this.registry],
  });
  readonly pipeline = new PipelineMetrics(this.registry);
  readonly steps = new Histogram({
    name: "neuronova_step_seconds",
    help: "Duration of pipeline jobs by step and outcome",
    labelNames: ["step", "outcome"] as const,
    buckets: [0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30, 100],
    registers: [this.registry],
  });

  readonly verifications = new Counter({
    name: "neuronova_rendition_verifications_total",
    help: "Stored renditions this process has re-read and decoded, by outcome",
    labelNames: ["outcome"] as const,
    registers: [this.registry],
  });

  readonly outboxLag = new Histogram({
    name: "neuronova_outbox_lag_seconds",
    help: "From the commit of a change to its delivery, by destination",
    labelNames: ["destination"] as const,
    buckets: [0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 30, 60, 300, 1_200, 3_600],
    registers: [this.registry],
  });

  readonly traceSpans = new Counter({
    name: "neuronova_trace_spans_total",
    help: "Spans this process brought to the collector, or dropped: it was away, slow or refused them, or too many waited",
    labelNames: ["outcome"] as const,
    registers: [this.registry],
  });

  constructor({ queueDepth, backlog, webSockets }: MetricSources) {
    collectDefaultMetrics({ register: this.registry, prefix: "neuronova_" });
    new Gauge({
      name: "neuronova_queue_jobs",
      help: "Jobs in the queue by step and state",
      labelNames: ["step", "state"],
      registers: [this.registry],
      async collect() {
        const depth = await inTime(queueDepth).catch(() => ({}));
        this.reset();
        for (const [step, counts] of Object.entries(depth)) {
          for (const [state, count] of Object.entries(counts)) this.set({ step, state }, count);
        }
      },
    });
    watchOutbox(this.registry, backlog);
    new Gauge({
      name: "neuronova_websocket_connections",
      help: "Open event connections",
      registers: [this.registry],
      collect() {
        this.set(webSockets());
      },
    });
  }

  /** In processes of the delivery role: how this one finds a destination. */
  watchBreaker(destination: string, state: () => BreakerState): void {
    watchBreaker(this.registry, destination, state);
  }

  /** Beside the others in processes of the api role: figures of the whole installation, at most every 15 s. */
  watchRenditions(figures: () => Promise<readonly RenditionFigures[]>): void {
    const recent = kept(figures, FIGURES_MILLISECONDS);
    const gauge = (
      name: string,
      help: string,
      label: "state" | "format",
      measure: (of: RenditionFigures) => number,
    ) =>
      new Gauge({
        name,
        help,
        labelNames: [label],
        registers: [this.registry],
        async collect() {
          const found = await recent().catch(() => []);
          this.reset();
          for (const of of found) {
            if (label === "state") this.inc({ state: of.state }, measure(of));
            else if (of.state === "rendered") this.inc({ format: String(of.format) }, measure(of));
          }
        },
      });
    gauge("neuronova_renditions", "Instances by the state of their rendition", "state", ({ count }) => count);
    gauge(
      "neuronova_renditions_stored",
      "Renditions by the version of their format",
      "format",
      ({ count }) => count,
    );
    const bytes = "by the version of their format";
    gauge("neuronova_rendition_bytes", `Bytes of renditions, ${bytes}`, "format", (of) => of.renditionBytes);
    gauge(
      "neuronova_pixel_bytes",
      `Bytes of the pixels of renditions, ${bytes}`,
      "format",
      (of) => of.pixelBytes,
    );
  }

  /** Beside the others in processes of the api role: what people decided about results, at most every 15 s. */
  watchReviews(statistics: () => Promise<readonly ModelStatistics[]>): void {
    watchReviews(this.registry, kept(statistics, FIGURES_MILLISECONDS));
  }

  /** Beside the others in processes that write the audit trail. */
  watchAudit(state: () => Promise<AuditState>): void {
    const recent = kept(state, SCRAPE_MILLISECONDS);
    const gauge = (name: string, help: string, value: (found: AuditState) => number) =>
      new Gauge({
        name,
        help,
        registers: [this.registry],
        async collect() {
          const found = await recent().catch(() => undefined);
          if (found === undefined) this.remove();
          else this.set(value(found));
        },
      });
    gauge("neuronova_audit_rows_written", "Audit rows this process has written", ({ written }) => written);
    gauge("neuronova_audit_rows_waiting", "Audit rows not sealed yet", ({ waiting }) => waiting);
    gauge(
      "neuronova_audit_last_seal_seconds",
      "Time since the last audit row was sealed",
      ({ secondsSinceSeal }) => secondsSinceSeal,
    );
  }
}
