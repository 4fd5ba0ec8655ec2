import { createServer, type IncomingHttpHeaders, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { Webhook as Verifier } from "standardwebhooks";

export interface Received {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** A receiver of webhooks as an integrator would have it; it answers what it is told to. */
export class WebhookReceiver {
  readonly received: Received[] = [];
  answer: (received: Received) => { status: number; headers?: Record<string, string> } = () => ({
    status: 204,
  });
  private readonly server: Server;
  private port = 0;
  private readonly waiters = new Set<() => void>();

  constructor() {
    this.server = createServer((request, response) => {
      let body = "";
      request.setEncoding("utf8");
      request.on("data", (piece: string) => (body += piece));
      request.on("end", () => {
        const received = { headers: request.headers, body };
        const { status, headers } = this.answer(received);
        if (status < 300) this.received.push(received);
        response.writeHead(status, headers).end("said by the receiver");
        for (const waiter of this.waiters) waiter();
      });
    });
  }

  /** Opens at the port it had, if it had one. */
  async open(): Promise<this> {
    await new Promise<void>((resolve) => this.server.listen(this.port, "127.0.0.1", resolve));
    this.port = (this.server.address() as AddressInfo).port;
    return this;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}/hook?from=neuronova`;
  }

  get types(): string[] {
    return this.received.map(({ body }) => (JSON.parse(body) as { type: string }).type);
  }

  /** What came last, by the reference library. @throws when the secret did not sign it */
  lastSignedBy(secret: string): unknown {
    const last = this.received.at(-1);
    if (last === undefined) throw new Error("nothing was received");
    return new Verifier(secret).verify(last.body, last.headers as Record<string, string>);
  }

  /** Waits until what was taken satisfies. */
  until(what: string, satisfied: (received: readonly Received[]) => boolean, seconds = 60): Promise<void> {
    return new Promise((resolve, reject) => {
      const end = (finish: () => void) => {
        clearTimeout(timer);
        this.waiters.delete(look);
        finish();
      };
      const look = () => {
        if (satisfied(this.received)) end(resolve);
      };
      const timer = setTimeout(() => {
        end(() => reject(new Error(`no ${what} within ${seconds} s; got ${this.types.join(", ")}`)));
      }, seconds * 1_000);
      this.waiters.add(look);
      look();
    });
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}
