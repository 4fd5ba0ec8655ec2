import { fetchOrder, imagesAhead } from "./fetch-ahead.js";
import type { SeriesImage } from "./series-images.js";

/** Images a reader asked for that are fetched at the same time; and of those fetched ahead. */
const AT_ONCE = 2;

export interface ImageSource {
  isLoaded(imageId: string): boolean;
  /** @throws the signal's reason when it is aborted */
  load(imageId: string, signal: AbortSignal): Promise<void>;
}

export interface ImageQueueListener {
  /** It is in memory: to be shown. */
  arrived(index: number): Promise<void>;
  failed(index: number, error: unknown): void;
}

interface Asked {
  readonly index: number;
  /** Later ones are greater. */
  readonly order: number;
  readonly abort: AbortController;
  readonly done: () => void;
}

/**
 * Fetches the images of a stack: first what the reader asks for, then the others, nearest first, so that scrolling does
 * not wait. Whoever scrolls faster than images arrive sees those that do; what was passed before its turn is not
 * fetched, and what arrives behind what is shown ends.
 */
export class ImageQueue {
  private readonly under = new Set<Asked>();
  private waiting: Asked | undefined;
  private orders = 0;
  private shown = 0;
  private latest = 0;
  private ahead: AbortController | undefined;
  private closed = false;

  constructor(
    private readonly images: readonly SeriesImage[],
    private readonly source: ImageSource,
    private readonly listener: ImageQueueListener,
    /** How many viewports share the memory. */
    private readonly sharers: () => number,
  ) {}

  /** Done when the image is shown, has failed, or was passed over. */
  show(index: number): Promise<void> {
    if (this.closed || this.images[index] === undefined) return Promise.resolve();
    this.latest = index;
    this.waiting?.done();
    return new Promise((done) => {
      this.waiting = { index, order: ++this.orders, abort: new AbortController(), done };
      this.next();
    });
  }

  /** Fetches the others, around the image that was asked for last. */
  fetchAhead(around: number): void {
    this.latest = around;
    if (this.closed || this.ahead !== undefined) return;
    const ahead = new AbortController();
    this.ahead = ahead;
    const taken = new Set<number>();
    void Promise.all(Array.from({ length: AT_ONCE }, () => this.fetchNearest(ahead.signal, taken))).finally(
      () => {
        if (this.ahead === ahead) this.ahead = undefined;
      },
    );
  }

  close(): void {
    this.closed = true;
    this.ahead?.abort();
    this.waiting?.done();
    this.waiting = undefined;
    for (const { abort } of this.under) abort.abort();
  }

  private next(): void {
    const { waiting } = this;
    if (this.closed) return;
    if (waiting === undefined) {
      if (this.under.size === 0) this.fetchAhead(this.latest);
      return;
    }
    const missing = !this.source.isLoaded(this.images[waiting.index]?.imageId ?? "");
    if (missing && this.under.size >= AT_ONCE) return;
    this.waiting = undefined;
    void this.fetch(waiting);
    // After it was asked for: what was fetched ahead may be this very image.
    if (missing) {
      this.ahead?.abort();
      this.ahead = undefined;
    }
  }

  private async fetch(asked: Asked): Promise<void> {
    this.under.add(asked);
    try {
      await this.source.load(this.images[asked.index]?.imageId ?? "", asked.abort.signal);
      if (this.closed || asked.order < this.shown) return;
      this.shown = asked.order;
      for (const { order, abort } of this.under) if (order < asked.order) abort.abort();
      await this.listener.arrived(asked.index);
    } catch (error) {
      // Of one that was passed nobody wants to know.
      if (!this.closed && !asked.abort.signal.aborted && asked.order === this.orders)
        this.listener.failed(asked.index, error);
    } finally {
      this.under.delete(asked);
      asked.done();
      this.next();
    }
  }

  private async fetchNearest(signal: AbortSignal, taken: Set<number>): Promise<void> {
    const { images, source } = this;
    for (;;) {
      const reach = imagesAhead(images, this.sharers());
      const index = fetchOrder(images.length, this.latest, reach).find(
        (one) => !taken.has(one) && !source.isLoaded(images[one]?.imageId ?? ""),
      );
      if (index === undefined || signal.aborted) return;
      taken.add(index);
      // A failure is told when it is to be shown.
      await source.load(images[index]?.imageId ?? "", signal).catch(() => undefined);
    }
  }
}
