import { Agent, request, type IncomingMessage } from "node:http";
import { request as requestTls, Agent as TlsAgent } from "node:https";
import { ArchiveError } from "../../archive/archive.js";

export interface OrthancSettings {
  readonly url: string;
  readonly username: string;
  readonly password: string;
}

export interface OrthancAnswer {
  readonly status: number;
  readonly body: Buffer;
}

const TIMEOUT_MILLISECONDS = 30_000;

/**
 * HTTP towards Orthanc. node:http rather than fetch: Orthanc closes idle connections after a second, which fetch
 * takes as "do not reuse at all". A request on a connection that Orthanc was just closing is sent once more.
 */
export class OrthancHttp {
  private readonly authorization: string;
  private readonly agent: Agent;
  private readonly base: URL;

  constructor({ url, username, password }: OrthancSettings) {
    this.base = new URL(url);
    this.authorization = `Basic ${Buffer.from(`${username}:${password}`).toString("base64")}`;
    const options = { keepAlive: true, maxSockets: 32, timeout: TIMEOUT_MILLISECONDS };
    this.agent = this.base.protocol === "https:" ? new TlsAgent(options) : new Agent(options);
  }

  get(path: string): Promise<OrthancAnswer> {
    return this.send("GET", path);
  }

  async send(
    method: "GET" | "PUT" | "POST" | "DELETE",
    path: string,
    body?: Uint8Array,
    contentType?: string,
  ): Promise<OrthancAnswer> {
    try {
      return await this.once(method, path, body, contentType);
    } catch (error) {
      // Every request this program makes may be repeated: reads, puts of the same bytes, stores of the same UID.
      if (!isStaleConnection(error)) throw unavailable(error);
      return this.once(method, path, body, contentType).catch((again: unknown) => {
        throw unavailable(again);
      });
    }
  }

  close(): void {
    this.agent.destroy();
  }

  private once(
    method: string,
    path: string,
    body?: Uint8Array,
    contentType?: string,
  ): Promise<OrthancAnswer> {
    const prefix = this.base.pathname === "/" ? "" : this.base.pathname;
    const send = this.base.protocol === "https:" ? requestTls : request;
    return new Promise((resolve, reject) => {
      const outgoing = send(
        {
          agent: this.agent,
          method,
          host: this.base.hostname,
          port: this.base.port,
          path: prefix + path,
          headers: {
            Authorization: this.authorization,
            ...(body === undefined
              ? {}
              : {
                  "Content-Length": body.byteLength,
                  "Content-Type": contentType ?? "application/octet-stream",
                }),
          },
        },
        (incoming) => {
          collect(incoming).then(
            (bytes) => resolve({ status: incoming.statusCode ?? 0, body: bytes }),
            reject,
          );
        },
      );
      outgoing.setTimeout(TIMEOUT_MILLISECONDS, () =>
        outgoing.destroy(new Error(`no answer within ${TIMEOUT_MILLISECONDS} ms`)),
      );
      outgoing.on("error", reject);
      outgoing.end(body);
    });
  }
}

async function collect(incoming: IncomingMessage): Promise<Buffer> {
  const length = Number(incoming.headers["content-length"]);
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    bytes += chunk.byteLength;
  }
  if (Number.isFinite(length) && bytes !== length)
    throw new Error(`answer broke off after ${bytes} of ${length} bytes`);
  return chunks.length === 1 ? (chunks[0] ?? Buffer.alloc(0)) : Buffer.concat(chunks, bytes);
}

function isStaleConnection(error: unknown): boolean {
  const code = (error as { code?: unknown } | null)?.code;
  return code === "ECONNRESET" || code === "EPIPE";
}

function unavailable(error: unknown): ArchiveError {
  const why = error instanceof Error ? error.message : "unknown fault";
  return new ArchiveError("archive-unavailable", true, `Orthanc did not answer: ${why}`, { cause: error });
}
