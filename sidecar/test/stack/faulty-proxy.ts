import {
  createServer,
  request as httpRequest,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from "node:http";
import { once } from "node:events";
import type { AddressInfo, Socket } from "node:net";

export type Fault =
  | "none"
  | "latency"
  | "reset-before"
  | "reset-after"
  | "half-open"
  | "error-500"
  | "busy-429"
  | "slow-body"
  | "truncated"
  | "mixed";

const MIXED: readonly Fault[] = ["none", "latency", "reset-before", "reset-after", "error-500", "truncated"];
const OUTCOME = { resourceType: "OperationOutcome", issue: [{ severity: "error", code: "exception" }] };

/** Stands between the program and a server, and does to their connections what networks and servers do. */
export class FaultyProxy {
  fault: Fault = "none";
  /** Refuses a request for good, by its body; the server never sees it. */
  refuses: ((body: string) => number | undefined) | undefined;
  /** Where requests go to. */
  targetPort = 0;
  /** The `traceparent` of each request that came here, `GET none` where it had none. */
  readonly traceparents: string[] = [];
  /** Writes (POST) that came here. */
  writes = 0;
  private readonly sockets = new Set<Socket>();
  private port = 0;
  private turn = 0;

  private constructor(private readonly server: Server) {}

  static async start(): Promise<FaultyProxy> {
    const server = createServer();
    const proxy = new FaultyProxy(server);
    server.on("request", (request, response) => void proxy.pass(request, response));
    server.on("connection", (socket) => {
      proxy.sockets.add(socket);
      socket.on("close", () => proxy.sockets.delete(socket));
      socket.on("error", () => undefined);
    });
    await proxy.up();
    return proxy;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}/fhir/R4`;
  }

  /** Connections are refused, those there are end. */
  async down(): Promise<void> {
    const closed = new Promise((resolve) => this.server.close(resolve));
    this.dropConnections();
    await closed;
  }

  async up(): Promise<void> {
    this.server.listen(this.port, "127.0.0.1");
    await once(this.server, "listening");
    this.port = (this.server.address() as AddressInfo).port;
  }

  async stop(): Promise<void> {
    if (this.server.listening) await this.down();
  }

  dropConnections(): void {
    for (const socket of this.sockets) socket.destroy();
  }

  private async pass(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks = (await request.toArray().catch(() => undefined)) as Buffer[] | undefined;
    // Who sent it was killed meanwhile.
    if (chunks === undefined) return;
    const body = Buffer.concat(chunks);
    this.traceparents.push(`${request.method ?? ""} ${String(request.headers["traceparent"] ?? "none")}`);
    if (request.method === "POST") this.writes += 1;
    const refused = this.refuses?.(body.toString("utf8"));
    if (refused !== undefined) {
      answer(response, refused, {});
      return;
    }
    const fault = this.fault === "mixed" ? (MIXED[this.turn++ % MIXED.length] ?? "none") : this.fault;
    if (fault === "half-open") return;
    if (fault === "reset-before") {
      reset(request);
      return;
    }
    if (fault === "error-500") {
      answer(response, 500, {});
      return;
    }
    if (fault === "busy-429") {
      answer(response, 429, { "Retry-After": "1" });
      return;
    }
    if (fault === "latency") await wait(150);
    const upstream = await this.forward(request, body).catch(() => undefined);
    if (upstream === undefined) {
      reset(request);
      return;
    }
    if (fault === "reset-after") {
      reset(request);
      return;
    }
    if (fault === "truncated") upstream.body = upstream.body.subarray(0, upstream.body.length >> 1);
    response.writeHead(upstream.status, {
      "Content-Type": "application/fhir+json",
      "Content-Length": upstream.body.length,
    });
    if (fault === "slow-body") await dribble(response, upstream.body);
    else response.end(upstream.body);
  }

  private forward(request: IncomingMessage, body: Buffer): Promise<{ status: number; body: Buffer }> {
    return new Promise((resolve, reject) => {
      const { method, url, headers } = request;
      const onward = httpRequest(
        { host: "127.0.0.1", port: this.targetPort, method, path: url, headers },
        (answered) => {
          answered
            .toArray()
            .then(
              (chunks) =>
                resolve({ status: answered.statusCode ?? 502, body: Buffer.concat(chunks as Buffer[]) }),
              reject,
            );
        },
      );
      onward.on("error", reject);
      onward.end(body);
    });
  }
}

function reset(request: IncomingMessage): void {
  request.socket.resetAndDestroy();
}

function answer(response: ServerResponse, status: number, headers: Record<string, string>): void {
  response.writeHead(status, { "Content-Type": "application/fhir+json", ...headers });
  response.end(JSON.stringify(OUTCOME));
}

/** A byte now and then: the head of the answer was in time, its end is not. */
async function dribble(response: ServerResponse, body: Buffer): Promise<void> {
  for (let at = 0; at < body.length && !response.destroyed; at += 1) {
    response.write(body.subarray(at, at + 1));
    await wait(40);
  }
  response.end();
}

function wait(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
