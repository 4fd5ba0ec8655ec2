import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { WebSocketServer, type WebSocket } from "ws";
import { z } from "zod";
import { LONGEST_EXTERNAL_TOKEN } from "../authorization/external-tokens.js";
import type { Principal } from "../authorization/principal.js";
import { ApiError } from "../error-response.js";
import type { Logger } from "../log.js";
import { REMOVED_THROUGH } from "./event-retention.js";
import type { StoredEvent } from "../state/events.js";
import type { StateReads } from "../state/state.js";

export interface EventSocketDependencies {
  /** Records that somebody listens, or was refused; throws when that cannot be recorded. */
  readonly record: (
    request: IncomingMessage,
    principal: Principal | undefined,
    refusal: unknown,
  ) => Promise<void>;
  /** Whom the token is of; throws when it is not valid (any more). */
  readonly authenticate: (token: string) => Promise<Principal>;
  /** Whether somebody may know of what the event tells. */
  readonly mayHear: (principal: Principal, event: StoredEvent) => Promise<boolean>;
  readonly read: Pick<StateReads, "eventsAfter" | "cursor">;
  readonly log: Logger;
}

const CLOSE = { unauthenticated: 4401, tooSlow: 4408, malformed: 4400, behind: 4409 } as const;
const AUTHENTICATE_WITHIN_MILLISECONDS = 5_000;
const PING_MILLISECONDS = 25_000;
const MAX_BUFFERED_BYTES = 1_000_000;
const REPLAY_PAGE = 500;
/** Of a batch, what goes into one write: a write for each event was most of what sending them took. */
const WRITTEN_TOGETHER_BYTES = 65_536;
/** Timers count in 31 bits; a longer one would fire at once. */
const LONGEST_TIMER_MILLISECONDS = 2 ** 31 - 1;

const helloSchema = z.object({
  type: z.literal("authenticate"),
  token: z.string().min(1).max(LONGEST_EXTERNAL_TOKEN),
  since: z.number().int().min(0).nullish(),
});

interface Client {
  readonly socket: WebSocket;
  /** The connection under it. */
  readonly transport: Duplex;
  readonly token: string;
  /** The last sequence sent; events up to here are not sent again. */
  sequence: number;
  alive: boolean;
}

/**
 * `/api/events`: the client's first message authenticates it (a token in the URL would end up in logs); it then
 * gets every event after `since`, or from now on, in order. `missed` in the answer says that some after `since` are not kept
 * any more, or that there never was such a number here: whoever shows something looks at all of it again.
 */
export class EventSocket {
  private readonly server = new WebSocketServer({ noServer: true, maxPayload: 16_384 });
  private readonly clients = new Set<Client>();
  private readonly pings: NodeJS.Timeout;

  constructor(
    private readonly dependencies: EventSocketDependencies,
    private newest: number,
  ) {
    this.pings = setInterval(() => this.ping(), PING_MILLISECONDS);
  }

  get connections(): number {
    return this.clients.size;
  }

  accept(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    this.server.handleUpgrade(request, socket, head, (webSocket) => this.greet(webSocket, socket, request));
  }

  /** Sends committed events, in order, to everybody who has caught up. */
  async broadcast(events: readonly StoredEvent[]): Promise<void> {
    this.newest = events.at(-1)?.sequence ?? this.newest;
    await Promise.all([...this.clients].map((client) => this.sendAll(client, events)));
  }

  close(): void {
    clearInterval(this.pings);
    for (const socket of this.server.clients) socket.close(1001, "going away");
    this.server.close();
  }

  private greet(socket: WebSocket, transport: Duplex, request: IncomingMessage): void {
    const late = setTimeout(
      () => socket.close(CLOSE.tooSlow, "not authenticated in time"),
      AUTHENTICATE_WITHIN_MILLISECONDS,
    );
    socket.on("error", () => socket.terminate());
    socket.once("close", () => clearTimeout(late));
    socket.once("message", (data) => {
      clearTimeout(late);
      this.enter(socket, transport, data as Buffer, request).catch((error: unknown) => {
        this.dependencies.log.warn({ err: error }, "event socket failed");
        socket.close(1011, "try again");
      });
    });
  }

  private async enter(
    socket: WebSocket,
    transport: Duplex,
    data: Buffer,
    request: IncomingMessage,
  ): Promise<void> {
    const hello = helloSchema.safeParse(parseJson(data));
    if (!hello.success) {
      socket.close(CLOSE.malformed, "the first message must authenticate");
      return;
    }
    const principal = await this.dependencies.authenticate(hello.data.token).catch(async (error: unknown) => {
      await this.dependencies.record(request, undefined, error);
      socket.close(CLOSE.unauthenticated, "token refused");
    });
    if (principal === undefined) return;
    await this.dependencies.record(request, principal, undefined);
    const { expiresAt } = principal;
    // A token's end is the connection's end: the client comes back with a new one and its last sequence.
    const expiry = setTimeout(
      () => socket.close(CLOSE.unauthenticated, "token expired"),
      Math.min(expiresAt.getTime() - Date.now(), LONGEST_TIMER_MILLISECONDS),
    );
    socket.once("close", () => clearTimeout(expiry));
    const { token, since } = hello.data;
    const { sequence, missed } = await this.resumption(since ?? null);
    const client: Client = { socket, transport, token, sequence, alive: true };
    socket.on("pong", () => (client.alive = true));
    socket.once("close", () => this.clients.delete(client));
    socket.send(JSON.stringify({ type: "ready", sequence, missed }));
    await this.replay(client);
  }

  /**
   * After which event a client goes on, and whether it has missed some: those after `since` are not kept any more, or the
   * database is one from before `since` (a backup), and its next events would all seem heard already.
   */
  private async resumption(since: number | null): Promise<{ sequence: number; missed: boolean }> {
    const { read } = this.dependencies;
    if (since === null) return { sequence: this.newest, missed: false };
    if (since < this.newest) return { sequence: since, missed: since < (await read.cursor(REMOVED_THROUGH)) };
    // Another process may have told it of more than this one has read; the newest event of all is never removed.
    const isKnown = since === this.newest || (await read.eventsAfter(since - 1, 1)).length > 0;
    return isKnown ? { sequence: since, missed: false } : { sequence: this.newest, missed: true };
  }

  /** Sends what the client missed. The last look at the newest sequence and joining happen in one turn. */
  private async replay(client: Client): Promise<void> {
    while (client.sequence < this.newest) {
      const upTo = this.newest;
      const missed = await this.dependencies.read.eventsAfter(client.sequence, REPLAY_PAGE);
      await this.sendAll(
        client,
        missed.filter(({ sequence }) => sequence <= upTo),
      );
      if (client.socket.readyState !== client.socket.OPEN) return;
      if (missed.length < REPLAY_PAGE) client.sequence = Math.max(client.sequence, upTo);
    }
    this.clients.add(client);
  }

  /**
   * Sends what the client may hear. Who it is is asked anew for each batch: an account that was disabled hears no more.
   * When that cannot be found out, the connection ends: the client resumes where it was.
   */
  private async sendAll(client: Client, events: readonly StoredEvent[]): Promise<void> {
    const { authenticate, mayHear } = this.dependencies;
    const { transport } = client;
    transport.cork();
    try {
      const principal = await authenticate(client.token);
      for (const event of events) {
        if (event.sequence <= client.sequence) continue;
        if (await mayHear(principal, event)) this.send(client, event);
        else client.sequence = event.sequence;
        if (transport.writableLength < WRITTEN_TOGETHER_BYTES) continue;
        transport.uncork();
        transport.cork();
      }
    } catch (error) {
      const refused = error instanceof ApiError && error.status < 500;
      client.socket.close(
        refused ? CLOSE.unauthenticated : 1011,
        refused ? "token refused" : "resume with since",
      );
    } finally {
      transport.uncork();
    }
  }

  private send(client: Client, event: StoredEvent): void {
    if (event.sequence <= client.sequence || client.socket.readyState !== client.socket.OPEN) return;
    if (client.socket.bufferedAmount > MAX_BUFFERED_BYTES) {
      client.socket.close(CLOSE.behind, "reading too slowly; resume with since");
      return;
    }
    client.sequence = event.sequence;
    client.socket.send(JSON.stringify({ type: "event", ...event }));
  }

  private ping(): void {
    for (const client of this.clients) {
      if (!client.alive) client.socket.terminate();
      client.alive = false;
      client.socket.ping();
    }
  }
}

function parseJson(data: Buffer): unknown {
  try {
    return JSON.parse(data.toString("utf8"));
  } catch {
    return undefined;
  }
}
