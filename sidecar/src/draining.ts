import type { Server, ServerResponse } from "node:http";
import type { Socket } from "node:net";

/** nginx lets go of a connection that it has not used for four seconds (`upstreams.conf`). */
const LONGEST_IDLE_MILLISECONDS = 4_300;
const LOOK_MILLISECONDS = 50;

/**
 * Ends a server so that no request fails. A request that is written to a connection while we close it is lost, and a
 * proxy must not send one again that writes something (RFC 9110 9.2.2). So each connection ends with the answer on it, which
 * says so (RFC 9112 9.6), and those without one have the time after which the proxy lets go of them.
 */
export class Draining {
  private readonly connections = new Set<Socket>();
  private readonly responses = new Set<ServerResponse>();
  private begun = false;

  constructor(private readonly server: Server) {
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
    for (const response of this.responses) response.shouldKeepAlive = false;
    const deadline = performance.now() + LONGEST_IDLE_MILLISECONDS;
    while (this.connections.size > 0 && performance.now() < deadline)
      await new Promise((resolve) => setTimeout(resolve, LOOK_MILLISECONDS));
    const closed = new Promise((resolve) => this.server.close(resolve));
    this.server.closeIdleConnections();
    await closed;
  }
}
