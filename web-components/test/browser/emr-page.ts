import { readFile } from "node:fs/promises";
import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";

const FILES: ReadonlyMap<string, readonly [name: string, type: string]> = new Map([
  ["/", ["index.html", "text/html"]],
  ["/emr.js", ["emr.js", "text/javascript"]],
  ["/emr.css", ["emr.css", "text/css"]],
] as const);

/** `web-components/demo/emr` on an origin of its own, under the policy that docs/widgets.md asks of such a page. */
export class EmrPage {
  hub = "";
  /** Gives the token the page asks for. */
  token: (reason: string) => Promise<string> = () => Promise.reject(new Error("no token is set"));

  private constructor(private readonly server: Server) {}

  static async open(): Promise<EmrPage> {
    const server = createServer();
    const page = new EmrPage(server);
    server.on("request", (request, response) => {
      let body = "";
      request.on("data", (data: Buffer) => (body += data.toString()));
      request.on("end", () => {
        page.answer(request.url ?? "", body, response).catch(() => response.writeHead(500).end());
      });
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return page;
  }

  get origin(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  close(): void {
    this.server.closeAllConnections();
    this.server.close();
  }

  private async answer(url: string, body: string, response: ServerResponse): Promise<void> {
    if (url === "/token") {
      response.writeHead(200, { "Content-Type": "text/plain" }).end(await this.token(body));
      return;
    }
    const file = FILES.get(url);
    if (file === undefined) {
      response.writeHead(404).end();
      return;
    }
    const [name, type] = file;
    const path = fileURLToPath(new URL(`../../demo/emr/${name}`, import.meta.url));
    const text = (await readFile(path, "utf8")).replaceAll("{hub}", this.hub);
    const { hub } = this;
    const policy = [
      "default-src 'none'",
      `script-src 'self' ${hub} 'wasm-unsafe-eval'`,
      `worker-src blob: ${hub}`,
      `connect-src 'self' ${hub} ${hub.replace(/^http/, "ws")}`,
      "style-src 'self'",
      `img-src ${hub} blob: data:`,
    ];
    response.writeHead(200, { "Content-Type": type, "Content-Security-Policy": policy.join("; ") }).end(text);
  }
}
