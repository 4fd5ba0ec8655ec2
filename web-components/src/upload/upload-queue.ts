import { LeftOut, type ChosenFile, type LeftOutReason } from "./chosen-file.js";
import type { InstanceHeader } from "./instance-header.js";
import type { StoreFault, StoreOutcome } from "./store-instance.js";

export type UploadState = "waiting" | "sending" | "stored" | "there" | "failed" | "canceled";

/** An instance on its way. */
export interface UploadItem {
  readonly file: ChosenFile;
  readonly header: InstanceHeader;
  state: UploadState;
  /** Bytes that have left. */
  sent: number;
  fault: StoreFault | LeftOutReason | undefined;
  detail: string | undefined;
}

/** Why nothing moves just now, and when it is tried again (milliseconds, as `performance.now`). */
export interface UploadTrouble {
  /** `access`: the page gives no token. */
  readonly why: "connection" | "server" | "access";
  readonly until: number;
}

export interface UploadDependencies {
  readonly send: (
    file: Blob,
    progress: (bytes: number) => void,
    signal: AbortSignal,
  ) => Promise<StoreOutcome>;
  /** Called at every change. */
  readonly changed: () => void;
  /** Resolves after the milliseconds, or when the signal is aborted. */
  readonly rest: (milliseconds: number, signal: AbortSignal) => Promise<void>;
}

const AT_ONCE = 3;
const LONGEST_REST_SECONDS = 30;

export function uploadItem(file: ChosenFile, header: InstanceHeader): UploadItem {
  return { file, header, state: "waiting", sent: 0, fault: undefined, detail: undefined };
}

/** How many are in each state. */
export function countStates(items: readonly UploadItem[]): Record<UploadState, number> {
  const counts = { waiting: 0, sending: 0, stored: 0, there: 0, failed: 0, canceled: 0 };
  for (const { state } of items) counts[state] += 1;
  return counts;
}

/**
 * Sends instances, some at a time. A broken connection or a busy server only makes it wait: what was stored stays so,
 * the rest is sent again.
 */
export class UploadQueue {
  trouble: UploadTrouble | undefined;
  private readonly waiting: UploadItem[];
  private readonly stopped = new AbortController();
  private woken = new AbortController();
  private troubles = 0;

  constructor(
    readonly items: readonly UploadItem[],
    private readonly dependencies: UploadDependencies,
  ) {
    this.waiting = items.filter(({ state }) => state === "waiting");
  }

  /** Resolves when nothing waits and nothing is on its way. */
  async run(): Promise<void> {
    await Promise.all(Array.from({ length: AT_ONCE }, () => this.work()));
  }

  /** What is on its way is broken off; what is stored stays stored. */
  stop(): void {
    for (const item of this.waiting.splice(0)) item.state = "canceled";
    this.stopped.abort();
    this.wake();
    this.dependencies.changed();
  }

  /** Tries again at once: the network is back. */
  wake(): void {
    this.woken.abort();
    this.woken = new AbortController();
  }

  private async work(): Promise<void> {
    for (;;) {
      await this.untilCalm();
      const item = this.waiting.shift();
      if (item === undefined) return;
      await this.send(item);
      this.dependencies.changed();
    }
  }

  private async untilCalm(): Promise<void> {
    while (this.trouble !== undefined && !this.stopped.signal.aborted) {
      const { trouble } = this;
      await this.dependencies.rest(trouble.until - performance.now(), this.woken.signal);
      if (this.trouble === trouble) this.trouble = undefined;
    }
  }

  private async send(item: UploadItem): Promise<void> {
    item.state = "sending";
    this.dependencies.changed();
    const outcome = await this.attempt(item);
    if (outcome.kind === "stored") {
      this.troubles = 0;
      item.state = "stored";
      item.sent = item.file.size;
      return;
    }
    item.sent = 0;
    if (outcome.kind === "failed") {
      item.state = "failed";
      item.fault = outcome.fault;
      item.detail = outcome.detail;
    } else if (outcome.kind === "canceled" || this.stopped.signal.aborted) {
      item.state = "canceled";
    } else {
      item.state = "waiting";
      this.waiting.unshift(item);
      this.backOff(outcome.why, outcome.seconds);
    }
  }

  private async attempt(item: UploadItem): Promise<Attempt> {
    const { signal } = this.stopped;
    try {
      const blob = await item.file.open();
      const progress = (bytes: number) => {
        item.sent = bytes;
        this.dependencies.changed();
      };
      return await this.dependencies.send(blob, progress, signal);
    } catch (error) {
      if (error instanceof LeftOut) return { kind: "failed", fault: error.reason };
      // No token: the page's own server is away, or its session is over.
      return { kind: "later", why: "access" };
    }
  }

  private backOff(why: UploadTrouble["why"], seconds: number | undefined): void {
    // Those that failed together count once.
    if (this.trouble !== undefined) return;
    const rest = seconds ?? 2 ** this.troubles;
    this.troubles += 1;
    this.trouble = { why, until: performance.now() + Math.min(rest, LONGEST_REST_SECONDS) * 1_000 };
  }
}

type Attempt =
  | Exclude<StoreOutcome, { kind: "failed" | "later" }>
  | { readonly kind: "later"; readonly why: UploadTrouble["why"]; readonly seconds?: number }
  | { readonly kind: "failed"; readonly fault: StoreFault | LeftOutReason; readonly detail?: string };
