import type { IncomingHttpHeaders } from "node:http";
import type { Dispatcher } from "undici";

export interface OrthancAnswer {
  readonly status: number;
  readonly etag: string | undefined;
  readonly body: Buffer<ArrayBuffer>;
}

/** How an answer is taken, where it is not simply any answer. */
export interface Taking {
  /** Gives room for an answer of this many bytes. */
  readonly allocate?: (bytes: number) => Buffer<ArrayBuffer>;
  /** A longer answer is not taken. */
  readonly largestBytes?: number;
}

/** The answer is longer than is taken. */
export class AnswerTooLarge extends Error {
  override readonly name = "AnswerTooLarge";
}

/**
 * Collects an answer into one array of its own: pixels pass here by the gigabyte, and a stream with an array for each
 * of its chunks would cost more than reading them.
 */
export class WholeAnswer implements Dispatcher.DispatchHandler {
  private status = 0;
  private etag: string | undefined;
  /** Of known length it is filled in place; else chunks are kept until the end. */
  private whole: Buffer<ArrayBuffer> | undefined;
  private readonly chunks: Buffer[] = [];
  private bytes = 0;

  constructor(
    private readonly resolve: (answer: OrthancAnswer) => void,
    private readonly reject: (error: Error) => void,
    private readonly taking: Taking = {},
  ) {}

  // undici asks for it even when there is nothing to do
  onRequestStart(): void {
    this.bytes = 0;
  }

  onResponseStart(
    controller: Dispatcher.DispatchController,
    status: number,
    headers: IncomingHttpHeaders,
  ): void {
    this.status = status;
    this.etag = headers.etag;
    const length = Number(headers["content-length"]);
    const { allocate, largestBytes = Infinity } = this.taking;
    if (length > largestBytes) controller.abort(new AnswerTooLarge(`${length} bytes`));
    else if (Number.isSafeInteger(length))
      this.whole = allocate?.(length) ?? Buffer.from(new ArrayBuffer(length));
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.whole === undefined) this.chunks.push(Buffer.from(chunk));
    else if (this.bytes + chunk.byteLength <= this.whole.byteLength) chunk.copy(this.whole, this.bytes);
    else controller.abort(new Error("the answer is longer than it says"));
    this.bytes += chunk.byteLength;
  }

  onResponseEnd(): void {
    if (this.whole !== undefined && this.bytes !== this.whole.byteLength) {
      this.reject(new Error(`the answer broke off after ${this.bytes} of ${this.whole.byteLength} bytes`));
      return;
    }
    this.resolve({ status: this.status, etag: this.etag, body: this.whole ?? Buffer.concat(this.chunks) });
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.reject(error);
  }
}
