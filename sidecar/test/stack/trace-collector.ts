import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";

export interface CollectedSpan {
  readonly name: string;
  readonly traceId: string;
  readonly spanId: string;
  /** Empty for the first of a trace. */
  readonly parentSpanId: string;
  readonly attributes: Readonly<Record<string, string | number>>;
  readonly links: readonly { readonly traceId: string; readonly spanId: string }[];
  /** 0 unset, 2 error. */
  readonly status: number;
  /** Of the process that told it. */
  readonly role: string;
}

interface Value {
  readonly stringValue?: string;
  readonly intValue?: number | string;
}
type Attributes = readonly { readonly key: string; readonly value: Value }[];

/** What an ExportTraceServiceRequest is in JSON (OTLP 1.x), as far as it is looked at. */
interface ExportRequest {
  readonly resourceSpans: readonly {
    readonly resource: { readonly attributes: Attributes };
    readonly scopeSpans: readonly {
      readonly spans: readonly {
        readonly name: string;
        readonly traceId: string;
        readonly spanId: string;
        readonly parentSpanId?: string;
        readonly attributes?: Attributes;
        readonly links?: readonly { readonly traceId: string; readonly spanId: string }[];
        readonly status?: { readonly code?: number };
      }[];
    }[];
  }[];
}

/** An OpenTelemetry collector: takes traces by OTLP/HTTP, and keeps every byte. */
export class TraceCollector {
  readonly spans: CollectedSpan[] = [];
  readonly bodies: string[] = [];
  /** Whether it leaves requests without an answer. */
  silent = false;
  private readonly server: Server;
  private readonly sockets = new Set<Socket>();
  private readonly waiters = new Set<() => void>();
  private port = 0;

  private constructor() {
    this.server = createServer((request, response) => void this.take(request, response));
    this.server.on("connection", (socket) => {
      this.sockets.add(socket);
      socket.on("close", () => this.sockets.delete(socket));
    });
  }

  static async start(): Promise<TraceCollector> {
    const collector = new TraceCollector();
    await collector.up();
    return collector;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** At the port it had, if it had one. */
  async up(): Promise<void> {
    this.server.listen(this.port, "127.0.0.1");
    await once(this.server, "listening");
    this.port = (this.server.address() as AddressInfo).port;
  }

  /** Connections are refused, those there are end. */
  async down(): Promise<void> {
    const closed = new Promise((resolve) => this.server.close(resolve));
    for (const socket of this.sockets) socket.destroy();
    await closed;
  }

  async stop(): Promise<void> {
    if (this.server.listening) await this.down();
  }

  named(name: string, traceId?: string): CollectedSpan[] {
    return this.spans.filter(
      (span) => span.name === name && (traceId === undefined || span.traceId === traceId),
    );
  }

  /** From the span to the first of its trace, as far as they were told of. */
  ancestry(span: CollectedSpan): CollectedSpan[] {
    const parent = this.spans.find(
      ({ traceId, spanId }) => traceId === span.traceId && spanId === span.parentSpanId,
    );
    return parent === undefined ? [span] : [span, ...this.ancestry(parent)];
  }

  /** Waits until something was found among what it was told. */
  async until<T>(what: string, find: () => T | undefined | false, seconds = 60): Promise<T> {
    const deadline = Date.now() + seconds * 1_000;
    for (;;) {
      const found = find();
      if (found !== undefined && found !== false) return found;
      const rest = deadline - Date.now();
      if (rest <= 0) throw new Error(`no ${what} within ${seconds} s; told of ${this.summary()}`);
      await new Promise<void>((resolve) => {
        const wake = () => {
          clearTimeout(timer);
          this.waiters.delete(wake);
          resolve();
        };
        const timer = setTimeout(wake, rest);
        this.waiters.add(wake);
      });
    }
  }

  private async take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks = (await request.toArray().catch(() => [])) as Buffer[];
    if (this.silent) return;
    const body = Buffer.concat(chunks).toString("utf8");
    if (request.method !== "POST" || request.url !== "/v1/traces") {
      response.writeHead(404).end();
      return;
    }
    this.bodies.push(body);
    this.spans.push(...spansOf(JSON.parse(body) as ExportRequest));
    response.writeHead(200, { "Content-Type": "application/json" }).end("{}");
    for (const waiter of this.waiters) waiter();
  }

  private summary(): string {
    const counts = new Map<string, number>();
    for (const { name } of this.spans) counts.set(name, (counts.get(name) ?? 0) + 1);
    return JSON.stringify([...counts]);
  }
}

function spansOf({ resourceSpans }: ExportRequest): CollectedSpan[] {
  return resourceSpans.flatMap(({ resource, scopeSpans }) =>
    scopeSpans.flatMap(({ spans }) =>
      spans.map((span) => ({
        name: span.name,
        traceId: span.traceId,
        spanId: span.spanId,
        parentSpanId: span.parentSpanId ?? "",
        attributes: plain(span.attributes ?? []),
        links: (span.links ?? []).map(({ traceId, spanId }) => ({ traceId, spanId })),
        status: span.status?.code ?? 0,
        role: String(plain(resource.attributes)["neuronova.role"] ?? ""),
      })),
    ),
  );
}

function plain(attributes: Attributes): Record<string, string | number> {
  return Object.fromEntries(
    attributes.map(({ key, value }) => [key, value.stringValue ?? Number(value.intValue)]),
  );
}
