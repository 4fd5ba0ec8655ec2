import type { ReactiveController, ReactiveControllerHost } from "lit";
import type { TokenProvider } from "../session/token-provider.js";
import { EventStream, type ServerEvent } from "./event-stream.js";

/** Events come in bursts (24 images arrive): one look for each burst. */
const SETTLE_MILLISECONDS = 150;

type Host = ReactiveControllerHost & { readonly tokenProvider: TokenProvider | undefined };

type Subject = string | null | undefined;

/** What an element shows, and what makes it look again. */
export interface Followed<T> {
  /** What is shown: another one begins anew. Undefined is everything there is; null is nothing yet. */
  readonly subject: () => Subject;
  /** Drops what was shown. It runs before the element is rendered: nothing of the former subject is drawn again. */
  readonly forget: () => void;
  /** Whether to look again after an event. */
  readonly concerns: (event: ServerEvent) => boolean;
  readonly load: (token: TokenProvider) => Promise<T>;
  readonly loaded: (answer: T) => void;
  readonly failed: (error: unknown) => void;
}

/**
 * Keeps what an element shows as it is at the server: loaded when its subject or its access changes, again after events,
 * and never replaced by an older answer or by one about a former subject.
 */
export class FollowedEvents<T> implements ReactiveController {
  /** What is shown, or was before the element left the page. */
  private shown: { readonly token: TokenProvider | undefined; readonly subject: Subject } | undefined;
  private unsubscribe: (() => void) | undefined;
  private settling: ReturnType<typeof setTimeout> | undefined;
  private loads = 0;

  constructor(
    private readonly host: Host,
    private readonly followed: Followed<T>,
    private readonly streamOf: (token: TokenProvider) => Pick<EventStream, "subscribe"> = (token) =>
      EventStream.shared(token),
  ) {
    host.addController(this);
  }

  hostConnected(): void {
    this.host.requestUpdate();
  }

  hostDisconnected(): void {
    this.end();
  }

  hostUpdate(): void {
    const { tokenProvider: token } = this.host;
    const subject = this.followed.subject();
    const isSame = this.shown !== undefined && this.shown.token === token && this.shown.subject === subject;
    if (isSame && (this.unsubscribe !== undefined || token === undefined || subject === null)) return;
    this.end();
    if (!isSame) this.followed.forget();
    this.shown = { token, subject };
    if (token === undefined || subject === null) return;
    this.unsubscribe = this.streamOf(token).subscribe(
      (event) => {
        if (this.followed.concerns(event)) this.loadSoon();
      },
      () => this.loadSoon(),
    );
    void this.load();
  }

  /** Looks again, once for all who ask within a moment. */
  loadSoon(): void {
    this.settling ??= setTimeout(() => {
      this.settling = undefined;
      void this.load();
    }, SETTLE_MILLISECONDS);
  }

  /** Looks now. What it finds is told unless a later look was begun. */
  async load(): Promise<void> {
    const token = this.shown?.token;
    if (token === undefined || this.shown?.subject === null) return;
    const load = ++this.loads;
    try {
      const answer = await this.followed.load(token);
      if (load === this.loads) this.followed.loaded(answer);
    } catch (error) {
      if (load === this.loads) this.followed.failed(error);
    }
  }

  private end(): void {
    this.loads += 1;
    this.unsubscribe?.();
    this.unsubscribe = undefined;
    clearTimeout(this.settling);
    this.settling = undefined;
  }
}
