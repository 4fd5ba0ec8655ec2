import { randomUUID } from "node:crypto";
import {
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  TraceFlags,
  trace,
  type Span as SdkSpan,
  type SpanContext,
  type Tracer as SdkTracer,
} from "@opentelemetry/api";
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-http";
import { resourceFromAttributes } from "@opentelemetry/resources";
import { ParentBasedSampler, TraceIdRatioBasedSampler, TracerProvider } from "@opentelemetry/sdk-trace";
import { activeTrace } from "../../tracing/active-trace.js";
import { allowedAttributes, errorType, type SpanAttributes } from "../../tracing/attributes.js";
import type { TraceContext } from "../../tracing/trace-context.js";
import type { Span, SpanStart, Tracer } from "../../tracing/tracer.js";
import { ChosenIds } from "./chosen-ids.js";
import { SpanQueue, type QueueLimits, type SpanFate } from "./span-queue.js";

export interface OtlpTracerOptions {
  /** Base of the collector's OTLP/HTTP address, without a trailing slash. */
  readonly endpoint: string;
  /** Of the traces that begin here, how many are recorded: 0 to 1. */
  readonly ratio: number;
  readonly roles: readonly string[];
  readonly count: (fate: SpanFate, spans: number) => void;
  readonly limits?: QueueLimits;
}

const LIMITS: QueueLimits = { most: 2_048, batch: 512, paceMilliseconds: 1_000, stopMilliseconds: 2_000 };
/** A collector that has not taken a batch by then, tried again or not, does not get it. */
const EXPORT_MILLISECONDS = 5_000;
/** The newest; a series of thousands of instances is followed by some of them. */
const MOST_LINKS = 100;
const KIND = {
  server: SpanKind.SERVER,
  client: SpanKind.CLIENT,
  producer: SpanKind.PRODUCER,
  consumer: SpanKind.CONSUMER,
} as const;

/** Traces by the OpenTelemetry SDK, as OTLP/HTTP in JSON. Nothing is registered globally. */
export class OtlpTracer implements Tracer {
  private readonly ids = new ChosenIds();
  private readonly queue: SpanQueue;
  private readonly tracer: SdkTracer;

  constructor({ endpoint, ratio, roles, count, limits = LIMITS }: OtlpTracerOptions) {
    const exporter = new OTLPTraceExporter({
      url: `${endpoint}/v1/traces`,
      timeoutMillis: EXPORT_MILLISECONDS,
    });
    this.queue = new SpanQueue(exporter, count, limits);
    const provider = new TracerProvider({
      resource: resourceFromAttributes({
        "service.name": "neuronova",
        "service.instance.id": randomUUID(),
        "neuronova.role": roles.join("+"),
      }),
      sampler: new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(ratio) }),
      idGenerator: this.ids,
      spanProcessors: [this.queue],
      spanLimits: { linkCountLimit: MOST_LINKS },
    });
    this.tracer = provider.getTracer("neuronova");
  }

  begin(name: string, { parent, links = [], kind, attributes = {}, startedAt, ids }: SpanStart = {}): Span {
    const above = ids === undefined ? (parent ?? activeTrace()) : undefined;
    const context =
      above === undefined ? ROOT_CONTEXT : trace.setSpanContext(ROOT_CONTEXT, spanContextOf(above));
    const span = this.ids.with(ids, () =>
      this.tracer.startSpan(
        name,
        {
          kind: kind === undefined ? SpanKind.INTERNAL : KIND[kind],
          attributes: allowedAttributes(attributes),
          links: links.slice(0, MOST_LINKS).map((link) => ({ context: spanContextOf(link) })),
          ...(startedAt === undefined ? {} : { startTime: startedAt }),
        },
        context,
      ),
    );
    return new OtlpSpan(span);
  }

  stop(): Promise<void> {
    return this.queue.shutdown();
  }
}

class OtlpSpan implements Span {
  readonly context: TraceContext;

  constructor(private readonly span: SdkSpan) {
    const { traceId, spanId, traceFlags } = span.spanContext();
    this.context = { traceId, spanId, sampled: (traceFlags & TraceFlags.SAMPLED) !== 0 };
  }

  note(attributes: SpanAttributes): void {
    this.span.setAttributes(allowedAttributes(attributes));
  }

  end(error?: unknown): void {
    if (error !== undefined) {
      this.note({ "error.type": errorType(error) });
      this.span.setStatus({ code: SpanStatusCode.ERROR });
    }
    this.span.end();
  }
}

function spanContextOf({ traceId, spanId, sampled }: TraceContext): SpanContext {
  return {
    traceId,
    spanId,
    traceFlags: sampled ? TraceFlags.SAMPLED : TraceFlags.NONE,
    isRemote: true,
  };
}
