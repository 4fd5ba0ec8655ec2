import type { IncomingMessage } from "node:http";

/** The client broke off: nobody is left to be answered. */
export class ClientGone extends Error {
  override readonly name = "ClientGone";
}

interface Waiting {
  readonly resolve: (chunk: Uint8Array | undefined) => void;
  readonly reject: (error: ClientGone) => void;
}

/**
 * A request's body, chunk by chunk as it is asked for. Unlike a stream's own iterator it may be left in the middle
 * without the connection being closed: that would reset it, and the answer would be lost on its way through nginx.
 */
export class BodyReader {
  private readonly chunks: Uint8Array[] = [];
  private waiting: Waiting | undefined;
  private state: "open" | "ended" | "gone" = "open";

  constructor(private readonly request: IncomingMessage) {
    request.pause();
    request.on("data", this.hear);
    request.once("end", () => this.finish("ended"));
    request.once("close", () => this.finish("gone"));
    request.on("error", () => this.finish("gone"));
  }

  /**
   * @returns undefined at the end
   * @throws ClientGone
   */
  next(): Promise<Uint8Array | undefined> {
    const chunk = this.chunks.shift();
    if (chunk !== undefined) return Promise.resolve(chunk);
    if (this.state === "ended") return Promise.resolve(undefined);
    if (this.state === "gone") return Promise.reject(new ClientGone("the client broke off"));
    return new Promise((resolve, reject) => {
      this.waiting = { resolve, reject };
      this.request.resume();
    });
  }

  /** Lets the rest come and go: nginx closes once it has the answer. */
  discard(): void {
    this.request.off("data", this.hear);
    this.request.resume();
  }

  private readonly hear = (chunk: Uint8Array): void => {
    this.request.pause();
    const { waiting } = this;
    this.waiting = undefined;
    if (waiting === undefined) this.chunks.push(chunk);
    else waiting.resolve(chunk);
  };

  private finish(state: "ended" | "gone"): void {
    if (this.state !== "open") return;
    this.state = state;
    if (state === "ended") this.waiting?.resolve(undefined);
    else this.waiting?.reject(new ClientGone("the client broke off"));
    this.waiting = undefined;
  }
}
