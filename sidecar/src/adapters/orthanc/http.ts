import { Agent, request, type IncomingMessage } from "node:http";
import { request as requestTls, Agent as TlsAgent } from "node:https";
import type { Socket } from "node:net";
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
/** Orthanc closes an idle connection after a second. */
const IDLE_MILLISECONDS = 700;

/**
 * Node takes Orthanc's `Keep-Alive: timeout=1` as "do not reuse": a request then costs a connection. These agents keep
 * the connection for most of that second.
 */
function keeping<T extends Agent>(agent: T): T {
  const value = (socket: Socket): boolean => {
    socket.setTimeout(IDLE_MILLISECONDS);
    socket.unref();
    return true;
  };
  Object.defineProperty(agent, "keepSocketAlive", { value });
  return agent;
}

/**
 * HTTP towards Orthanc, by node:http, whose connections can be kept in spite of Orthanc's hint (fetch has no way to).
 * A request on a connection that Orthanc was just closing is sent once more.
 */
export class OrthancHttp {
  private readonly authorization: string;
  private readonly agent: Agent;
  private readonly base: URL;

  constructor({ url, username, password }: OrthancSettings) {
    this.base = new URL(url);
    this.authorization = `Basic ${Buffer.from(`${username}:${password}`).toString("base64")}`;
    const options = { keepAlive: true, maxSockets: 32, timeout: TIMEOUT_MILLISECONDS };
    this.agent = keeping(this.base.protocol === "https:" ? new TlsAgent(options) : new Agent(options));
  }

  get(path: string, headers: Readonly<Record<string, string>> = {}): Promise<OrthancAnswer> {
    return this.send("GET", path, undefined, undefined, headers);
  }

  async send(
    method: "GET" | "PUT" | "POST" | "DELETE",
    path: string,
    body?: Uint8Array,
    contentType?: string,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<OrthancAnswer> {
    try {
      return await this.once(method, path, body, contentType, headers);
    } catch (error) {
      // Every request this program makes may be repeated: reads, puts of the same bytes, stores of the same UID.
      if (!isStaleConnection(error)) throw unavailable(error);
      return this.once(method, path, body, contentType, headers).catch((again: unknown) => {
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
    body: Uint8Array | undefined,
    contentType: string | undefined,
    headers: Readonly<Record<string, string>>,
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
            ...headers,
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

/** The whole body. Of known length it fills one array of its own, which can be handed to a worker thread uncopied. */
async function collect(incoming: IncomingMessage): Promise<Buffer> {
  const header = incoming.headers["content-length"];
  const whole = header === undefined ? undefined : Buffer.from(new ArrayBuffer(Number(header)));
  const chunks: Buffer[] = [];
  let bytes = 0;
  await new Promise<void>((resolve, reject) => {
    incoming.on("data", (chunk: Buffer) => {
      if (whole === undefined) chunks.push(chunk);
      else chunk.copy(whole, bytes);
      bytes += chunk.byteLength;
    });
    incoming.once("end", resolve);
    incoming.once("error", reject);
    incoming.once("aborted", () => reject(new Error(`answer broke off after ${bytes} bytes`)));
  });
  if (whole !== undefined && bytes !== whole.byteLength) {
    throw new Error(`answer broke off after ${bytes} of ${whole.byteLength} bytes`);
  }
  return whole ?? Buffer.concat(chunks, bytes);
}

function isStaleConnection(error: unknown): boolean {
  const code = (error as { code?: unknown } | null)?.code;
  return code === "ECONNRESET" || code === "EPIPE";
}

function unavailable(error: unknown): ArchiveError {
  const why = error instanceof Error ? error.message : "unknown fault";
  return new ArchiveError("archive-unavailable", true, `Orthanc did not answer: ${why}`, { cause: error });
}
