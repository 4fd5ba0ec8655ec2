import { WebSocket } from "ws";

export interface RecordedEvent {
  readonly sequence: number;
  readonly event: string;
  readonly studyInstanceUid: string;
  readonly seriesInstanceUid?: string;
  readonly sopInstanceUid?: string;
  readonly data: Record<string, unknown>;
}

interface Waiter {
  readonly satisfied: (events: readonly RecordedEvent[]) => boolean;
  readonly resolve: () => void;
}

/** A client of `/api/events` that keeps what it hears, for tests to wait on instead of sleeping. */
export class EventRecorder {
  readonly events: RecordedEvent[] = [];
  private readonly waiters = new Set<Waiter>();
  private socket: WebSocket | undefined;
  private closed = false;
  private reopening = false;

  /** Connects; after a break it comes back with its last sequence, as a widget does. */
  static async connect(address: string, token: () => Promise<string>): Promise<EventRecorder> {
    const recorder = new EventRecorder(address, token);
    await recorder.open(null);
    return recorder;
  }

  private constructor(
    private readonly address: string,
    private readonly token: () => Promise<string>,
  ) {}

  /** Waits until what was heard satisfies; fails with what was heard after the given time. */
  async until(
    what: string,
    satisfied: (events: readonly RecordedEvent[]) => boolean,
    seconds = 90,
  ): Promise<void> {
    if (satisfied(this.events)) return;
    await new Promise<void>((resolve, reject) => {
      const waiter = { satisfied, resolve: () => done(resolve) };
      const timer = setTimeout(
        () => done(() => reject(new Error(`no ${what} within ${seconds} s; heard ${this.summary()}`))),
        seconds * 1_000,
      );
      const done = (finish: () => void) => {
        clearTimeout(timer);
        this.waiters.delete(waiter);
        finish();
      };
      this.waiters.add(waiter);
    });
  }

  of(event: string, studyInstanceUid?: string): RecordedEvent[] {
    return this.events.filter(
      (heard) =>
        heard.event === event &&
        (studyInstanceUid === undefined || heard.studyInstanceUid === studyInstanceUid),
    );
  }

  close(): void {
    this.closed = true;
    this.socket?.close();
  }

  private summary(): string {
    const counts = new Map<string, number>();
    for (const { event } of this.events) counts.set(event, (counts.get(event) ?? 0) + 1);
    return JSON.stringify(Object.fromEntries(counts));
  }

  private async open(since: number | null): Promise<void> {
    const token = await this.token();
    const socket = new WebSocket(`${this.address.replace("http", "ws")}/api/events`);
    this.socket = socket;
    await new Promise<void>((resolve, reject) => {
      socket.once("open", () => socket.send(JSON.stringify({ type: "authenticate", token, since })));
      socket.once("error", reject);
      socket.on("message", (data: Buffer) => {
        const message = JSON.parse(data.toString("utf8")) as RecordedEvent & { type: string };
        if (message.type === "ready") resolve();
        else this.hear(message);
      });
      socket.once("close", (code) => {
        reject(new Error(`event socket closed with ${code}`));
        if (!this.closed) this.reopen();
      });
    });
  }

  /** Once, whoever asks: a connection that fails says so twice. */
  private reopen(): void {
    if (this.reopening) return;
    this.reopening = true;
    setTimeout(() => {
      this.reopening = false;
      if (this.closed) return;
      this.open(this.events.at(-1)?.sequence ?? 0).catch(() => {
        if (!this.closed && this.socket?.readyState === WebSocket.CLOSED) this.reopen();
      });
    }, 200);
  }

  private hear(event: RecordedEvent): void {
    this.events.push(event);
    for (const waiter of this.waiters) if (waiter.satisfied(this.events)) waiter.resolve();
  }
}
