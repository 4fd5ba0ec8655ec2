import { serverUrl } from "../session/server.js";
import { SharedTokens } from "../session/shared-tokens.js";
import type { TokenProvider } from "../session/token-provider.js";

/** A change the server tells of. */
export interface ServerEvent {
  readonly sequence: number;
  readonly event: string;
  readonly studyInstanceUid: string;
  readonly seriesInstanceUid?: string;
  readonly sopInstanceUid?: string;
  /** Figures of the event: docs/ai-jobs.md, docs/review.md. */
  readonly data?: Readonly<Record<string, string | number | boolean | null>>;
}

type Listener = (event: ServerEvent) => void;

interface Subscription {
  readonly heard: Listener;
  /** Events are not kept for ever: some were missed, and whatever is shown may be old. */
  readonly missed: () => void;
}

type Message = ({ readonly type: "event" } & ServerEvent) | Ready;

interface Ready {
  readonly type: "ready";
  readonly sequence: number;
  readonly missed?: boolean;
}

const UNAUTHENTICATED = 4401;
const LONGEST_WAIT_MILLISECONDS = 15_000;

/**
 * `/api/events`: one connection for all elements of a page that share a token provider. It comes back after a break with
 * the last sequence it heard, so nothing is missed; nobody has to poll.
 */
export class EventStream {
  private static readonly streams = new WeakMap<TokenProvider, EventStream>();
  private readonly listeners = new Set<Subscription>();
  private socket: WebSocket | undefined;
  private since: number | null = null;
  private breaks = 0;
  /** The token the server would not have. */
  private refused: string | undefined;
  private timer: ReturnType<typeof setTimeout> | undefined;
  /** Whether a connection is on its way: it waits for a token first. */
  private connecting = false;

  private readonly tokens: SharedTokens;

  constructor(
    private readonly url: string,
    token: TokenProvider,
    private readonly open: (url: string) => WebSocket = (address) => new WebSocket(address),
  ) {
    this.tokens = SharedTokens.of(token);
  }

  static shared(token: TokenProvider): EventStream {
    let stream = EventStream.streams.get(token);
    if (stream === undefined) {
      stream = new EventStream(serverUrl("/api/events").replace(/^http/, "ws"), token);
      EventStream.streams.set(token, stream);
    }
    return stream;
  }

  /** @returns what ends the subscription; the connection ends with the last */
  subscribe(heard: Listener, missed: () => void = () => undefined): () => void {
    const listener = { heard, missed };
    this.listeners.add(listener);
    if (this.socket === undefined && this.timer === undefined && !this.connecting) void this.connect();
    return () => {
      this.listeners.delete(listener);
      if (this.listeners.size > 0) return;
      clearTimeout(this.timer);
      this.timer = undefined;
      this.socket?.close();
      this.socket = undefined;
    };
  }

  private async connect(): Promise<void> {
    this.timer = undefined;
    let token: string;
    this.connecting = true;
    try {
      token = await (this.refused === undefined ? this.tokens.get() : this.tokens.replace(this.refused));
    } catch {
      this.reconnect();
      return;
    } finally {
      this.connecting = false;
    }
    if (this.listeners.size === 0) return;
    const socket = this.open(this.url);
    this.socket = socket;
    socket.onopen = () => socket.send(JSON.stringify({ type: "authenticate", token, since: this.since }));
    socket.onmessage = ({ data }) => this.hear(JSON.parse(String(data)) as Message);
    socket.onclose = ({ code }) => {
      if (this.socket !== socket) return;
      this.socket = undefined;
      this.refused = code === UNAUTHENTICATED ? token : undefined;
      this.reconnect();
    };
  }

  private hear(message: Message): void {
    if (message.type === "ready") {
      this.breaks = 0;
      this.refused = undefined;
      if (message.missed === true) {
        // What was heard last may be a number that the server does not know.
        this.since = message.sequence;
        for (const { missed } of this.listeners) missed();
      }
      this.since ??= message.sequence;
      return;
    }
    this.since = message.sequence;
    for (const { heard } of this.listeners) heard(message);
  }

  private reconnect(): void {
    if (this.listeners.size === 0) return;
    const wait = Math.min(LONGEST_WAIT_MILLISECONDS, 250 * 2 ** this.breaks) * (0.5 + Math.random() / 2);
    this.breaks += 1;
    this.timer = setTimeout(() => void this.connect(), wait);
  }
}
