import { Readable } from "node:stream";
import { Pool, errors } from "undici";
import { ArchiveError } from "../../archive/archive.js";
import { AnswerTooLarge, WholeAnswer, type OrthancAnswer, type Taking } from "./whole-answer.js";

export interface OrthancSettings {
  readonly url: string;
  readonly username: string;
  readonly password: string;
}

const TIMEOUT_MILLISECONDS = 30_000;
/** Orthanc hashes, writes and indexes a file before it answers; the largest take minutes on a slow disk. */
const STORE_TIMEOUT_MILLISECONDS = 300_000;
/** Orthanc says `Keep-Alive: timeout=1` and closes after that second: a connection is left in time. */
const SPARE_MILLISECONDS = 300;
const CONNECTIONS = 32;
/** Below, a copy costs less than a stream. */
const LARGEST_COPY = 4_000_000;

/**
 * HTTP towards Orthanc on kept connections (undici's pool: fetch offers no way to shorten the server's hint).
 * A request on a connection that Orthanc was just closing is sent once more.
 */
export class OrthancHttp {
  private readonly authorization: string;
  private readonly pool: Pool;
  private readonly prefix: string;

  constructor({ url, username, password }: OrthancSettings) {
    const { origin, pathname } = new URL(url);
    this.prefix = pathname === "/" ? "" : pathname;
    this.authorization = `Basic ${Buffer.from(`${username}:${password}`).toString("base64")}`;
    this.pool = new Pool(origin, {
      connections: CONNECTIONS,
      keepAliveTimeoutThreshold: SPARE_MILLISECONDS,
      headersTimeout: TIMEOUT_MILLISECONDS,
      bodyTimeout: TIMEOUT_MILLISECONDS,
      connect: { timeout: TIMEOUT_MILLISECONDS },
    });
  }

  get(path: string, headers: Readonly<Record<string, string>> = {}): Promise<OrthancAnswer> {
    return this.send("GET", path, undefined, headers);
  }

  /** @returns undefined when the answer is longer than is taken */
  async take(path: string, taking: Taking): Promise<OrthancAnswer | undefined> {
    const request: OrthancRequest = { method: "GET", path, headers: {}, body: undefined };
    try {
      return await this.onceOrAgain(() => this.once(request, taking));
    } catch (error) {
      if (error instanceof AnswerTooLarge) return undefined;
      throw error;
    }
  }

  async send(
    method: "GET" | "PUT" | "POST" | "DELETE",
    path: string,
    body?: Uint8Array,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<OrthancAnswer> {
    return this.onceOrAgain(() => this.once({ method, path, headers, body }));
  }

  /** Posts what the stream gives, without holding it; the stream is asked for again on a second attempt. */
  async sendFile(
    path: string,
    stream: () => Readable,
    headers: Readonly<Record<string, string>>,
  ): Promise<OrthancAnswer> {
    return this.onceOrAgain(() =>
      this.once({
        method: "POST",
        path,
        headers,
        body: stream(),
        headersTimeout: STORE_TIMEOUT_MILLISECONDS,
      }),
    );
  }

  /** Puts the pieces as one body; large ones without copying them together. */
  async putPieces(path: string, pieces: readonly Uint8Array[]): Promise<OrthancAnswer> {
    const length = pieces.reduce((sum, { byteLength }) => sum + byteLength, 0);
    if (length <= LARGEST_COPY) return this.send("PUT", path, Buffer.concat(pieces, length));
    const headers = { "content-length": String(length) };
    return this.onceOrAgain(() =>
      this.once({ method: "PUT", path, headers, body: Readable.from(pieces, { objectMode: false }) }),
    );
  }

  /** An answer whose body is read as it comes, or destroyed. */
  async open(path: string, headers: Readonly<Record<string, string>> = {}): Promise<OrthancStream> {
    const once = () =>
      this.pool.request({
        method: "GET",
        path: this.prefix + path,
        headers: { ...headers, authorization: this.authorization },
      });
    const { statusCode, headers: answered, body } = await this.onceOrAgain(once);
    const length = Number(answered["content-length"]);
    return {
      status: statusCode,
      contentType: String(answered["content-type"] ?? ""),
      length: Number.isSafeInteger(length) ? length : undefined,
      body,
    };
  }

  async close(): Promise<void> {
    await this.pool.destroy();
  }

  private async onceOrAgain<T>(once: () => Promise<T>): Promise<T> {
    try {
      // Every request this program makes may be repeated: reads, puts of the same bytes, stores of the same UID.
      return await once().catch((error: unknown) => {
        if (!isStaleConnection(error)) throw error;
        return once();
      });
    } catch (error) {
      if (error instanceof AnswerTooLarge) throw error;
      const why = error instanceof Error ? error.message : "unknown fault";
      throw new ArchiveError("archive-unavailable", true, `Orthanc did not answer: ${why}`, { cause: error });
    }
  }

  private once({ path, headers, body, ...rest }: OrthancRequest, taking?: Taking): Promise<OrthancAnswer> {
    return new Promise((resolve, reject) => {
      this.pool.dispatch(
        {
          ...rest,
          path: this.prefix + path,
          headers: { ...headers, authorization: this.authorization },
          ...(body === undefined ? {} : { body }),
        },
        new WholeAnswer(resolve, reject, taking),
      );
    });
  }
}

export interface OrthancStream {
  readonly status: number;
  readonly contentType: string;
  readonly length: number | undefined;
  readonly body: Readable;
}

interface OrthancRequest {
  readonly method: "GET" | "PUT" | "POST" | "DELETE";
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array | Readable | undefined;
  readonly headersTimeout?: number;
}

function isStaleConnection(error: unknown): boolean {
  const code = (error as { code?: unknown } | null)?.code;
  return error instanceof errors.SocketError || code === "ECONNRESET" || code === "EPIPE";
}
