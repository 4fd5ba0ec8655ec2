import type { Server, ServerResponse } from "node:http";
import type { Socket } from "node:net";

/** nginx lets go of a connection that it has not used for four seconds (`upstreams.conf`), and may be late. */
const LONGEST_IDLE_MILLISECONDS = 5_000;
/** Beyond this nothing new is taken: it could not be answered any more before the process is over. */
const LONGEST_LISTENING_MILLISECONDS = 6_000;
const LOOK_MILLISECONDS = 50;

/**
 * Ends a server so that no request fails. A request that is written to a connection while we close it is lost, and a
 * proxy must not send one again that writes something (RFC 9110 9.2.2). So each connection ends with the answer on it, which
 * says so (RFC 9112 9.6), and those without one have the time after which the proxy lets go of them. Until then, and until
 * what was asked before is answered, new connections are taken: whoever asks how we are is told (health/readiness.ts).
 */
export class Draining {
  private readonly connections = new Set<Socket>();
  private readonly responses = new Set<ServerResponse>();
  private begun = false;

  /** @param noticeMilliseconds for how long we go on in any case: what a load balancer needs to see that we are not ready */
  constructor(
    private readonly server: Server,
    private readonly noticeMilliseconds = 0,
  ) {
    server.on("connection", (socket: Socket) => {
      this.connections.add(socket);
      socket.once("close", () => this.connections.delete(socket));
    });
    server.prependListener("request", (_request, response) => {
      if (this.begun) response.shouldKeepAlive = false;
      this.responses.add(response);
      response.once("close", () => this.responses.delete(response));
    });
  }

  /** Answers when the last request has been answered. */
  async end(): Promise<void> {
    this.begun = true;
    const earlier = [...this.responses];
    for (const response of earlier) response.shouldKeepAlive = false;
    const beginning = performance.now();
    const isNeeded = () => {
      const passed = performance.now() - beginning;
      if (passed < this.noticeMilliseconds) return true;
      if (this.connections.size === 0) return false;
      if (passed < LONGEST_IDLE_MILLISECONDS) return true;
      const isAnswering = earlier.some((response) => this.responses.has(response));
      return isAnswering && passed < this.noticeMilliseconds + LONGEST_LISTENING_MILLISECONDS;
    };
    await acceptedWhatWaits();
    while (isNeeded()) {
      await new Promise((resolve) => setTimeout(resolve, LOOK_MILLISECONDS));
      await acceptedWhatWaits();
    }
    const closed = new Promise((resolve) => this.server.close(resolve));
    this.server.closeIdleConnections();
    await closed;
  }
}

/**
 * The kernel takes connections, and requests on them, before this process looks; a busy one looks late, and what closes
 * the server meanwhile loses them. After two rounds of the event loop everything of before was seen.
 */
async function acceptedWhatWaits(): Promise<void> {
  for (let round = 0; round < 2; round += 1) await new Promise((resolve) => setImmediate(resolve));
}
