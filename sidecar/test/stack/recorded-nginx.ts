import { execFile } from "node:child_process";
import { mkdirSync } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { connect, type AddressInfo } from "node:net";
import { once } from "node:events";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
// @ts-expect-error -- plain JavaScript with JSDoc types, checked by `tsc -p scripts`
import { nginxProcess } from "../../../scripts/local-stack/nginx.mjs";
// @ts-expect-error -- the same
import { SupervisedProcess } from "../../../scripts/local-stack/supervised-process.mjs";
import { freePort } from "./free-port.js";

const run = promisify(execFile);
const defineNginx = nginxProcess as (layout: object, settings: object) => object;
const Supervised = SupervisedProcess as new (
  definition: object,
  settings: object,
) => { start(): Promise<void>; stop(): Promise<void> };

export interface RecordedRequest {
  readonly hop: "sidecar" | "orthanc";
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
}

export interface RawAnswer {
  readonly status: number;
  readonly head: string;
  readonly body: string;
}

/**
 * The repository's nginx files before two recorders in place of sidecar and Orthanc. A request whose query has
 * `to-orthanc` is handed on by the first with X-Accel-Redirect, as the sidecar does it.
 */
export class RecordedNginx {
  readonly requests: RecordedRequest[] = [];

  private constructor(
    readonly port: number,
    readonly tlsPort: number,
    readonly certificate: string,
    readonly directory: string,
    private readonly servers: readonly Server[],
    private nginx: { start(): Promise<void>; stop(): Promise<void> } | undefined,
  ) {}

  static async start(origins?: readonly string[]): Promise<RecordedNginx> {
    const directory = await mkdtemp(join(tmpdir(), "neuronova-nginx-"));
    const layout = { run: join(directory, "run"), logs: join(directory, "logs") };
    for (const path of Object.values(layout)) mkdirSync(path, { mode: 0o700 });
    const [certificate, key] = [join(directory, "certificate.pem"), join(directory, "key.pem")];
    await run("openssl", [
      ...["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost"],
      ...["-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1", "-keyout", key, "-out", certificate],
    ]);
    const servers = [createServer(), createServer()];
    for (const server of servers) {
      server.listen(0, "127.0.0.1");
      await once(server, "listening");
    }
    const [sidecarPort, orthancPort] = servers.map((server) => (server.address() as AddressInfo).port);
    const port = await freePort();
    const tlsPort = await freePort(new Set([port]));
    const recorded = new RecordedNginx(
      port,
      tlsPort,
      await readFile(certificate, "utf8"),
      directory,
      servers,
      undefined,
    );
    for (const [index, server] of servers.entries()) {
      server.on(
        "request",
        (request, response) => void recorded.record(index === 0 ? "sidecar" : "orthanc", request, response),
      );
    }
    const settings = {
      port,
      sidecarPorts: [sidecarPort],
      orthancPort,
      orthancPassword: "recorded",
      tls: { port: tlsPort, certificate, key },
      ...(origins === undefined ? {} : { embedding: { origins } }),
    };
    recorded.nginx = new Supervised(defineNginx(layout, settings), {
      logs: layout.logs,
      onGivenUp: () => undefined,
    });
    await recorded.nginx.start();
    return recorded;
  }

  get address(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** What reached a hop since the last question. */
  take(): RecordedRequest[] {
    return this.requests.splice(0);
  }

  /** Sends the bytes as they are; answers what came until nginx closed. */
  raw(request: string): Promise<RawAnswer> {
    return new Promise((resolve, reject) => {
      const socket = connect(this.port, "127.0.0.1");
      let answer = "";
      socket.on("data", (data) => (answer += data.toString("latin1")));
      // nginx may close before it has read everything.
      socket.on("error", (error: NodeJS.ErrnoException) => {
        if (error.code !== "ECONNRESET" && error.code !== "EPIPE") reject(error);
      });
      socket.on("close", () => {
        const [head = "", ...body] = answer.split("\r\n\r\n");
        const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(head)?.[1] ?? 0);
        resolve({ status, head, body: body.join("\r\n\r\n") });
      });
      socket.write(Buffer.from(request, "latin1"));
    });
  }

  /** A request line and headers, and the end of the connection. */
  send(requestLine: string, headers: readonly string[] = [], body = ""): Promise<RawAnswer> {
    const head = [`${requestLine} HTTP/1.1`, "Host: imaging.example.org", "Connection: close", ...headers];
    return this.raw(`${head.join("\r\n")}\r\n\r\n${body}`);
  }

  async stop(): Promise<void> {
    await this.nginx?.stop();
    for (const server of this.servers) {
      server.closeAllConnections();
      server.close();
    }
    await rm(this.directory, { recursive: true, force: true });
  }

  private async record(
    hop: "sidecar" | "orthanc",
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    const { method = "", url = "", headers } = request;
    let body = "";
    for await (const chunk of request as AsyncIterable<Buffer>) body += chunk.toString("latin1");
    this.requests.push({ hop, method, url, headers, body });
    if (hop === "sidecar" && url.includes("to-orthanc")) {
      const to = url.startsWith("/orthanc/") ? "@orthanc_explorer" : "@orthanc";
      const words = url.includes("other-words") ? { "X-Orthanc-Accept": "image/other; a=b" } : {};
      response.writeHead(200, { "X-Accel-Redirect": to, "X-Powered-By": "recorder", ...words }).end();
      return;
    }
    // What a server behind nginx must not be able to tell a client, or nginx.
    const own = { "X-Accel-Charset": "utf-8", "X-Accel-Buffering": "no", "X-Powered-By": "recorder" };
    const orthanc = {
      "X-Accel-Redirect": "/index.html",
      "WWW-Authenticate": 'Basic realm="Orthanc"',
      "Set-Cookie": "orthanc=1",
      "Keep-Alive": "timeout=1",
    };
    const answer = `answer of ${hop}`;
    response
      .writeHead(200, { ...(hop === "orthanc" ? orthanc : own), "Content-Length": answer.length })
      .end(answer);
  }
}
