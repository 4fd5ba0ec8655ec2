import { readFile } from "node:fs/promises";
import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";

/** The pages in `web-components/demo`. */
type Demo = "emr" | "nine";

/** A page of `web-components/demo` on an origin of its own, under the policy that docs/widgets.md asks of such a page. */
export class EmrPage {
  hub = "";
  /** Gives the token the page asks for. */
  token: (reason: string) => Promise<string> = () => Promise.reject(new Error("no token is set"));

  /** What a page of several viewers is to show. */
  views: readonly { readonly study: string; readonly series: string }[] = [];

  private constructor(
    private readonly server: Server,
    private readonly demo: Demo,
  ) {}

  static async open(demo: Demo = "emr"): Promise<EmrPage> {
    const server = createServer();
    const page = new EmrPage(server, demo);
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
    if (url === "/views") {
      response.writeHead(200, { "Content-Type": "application/json" }).end(JSON.stringify(this.views));
      return;
    }
    const { demo, hub } = this;
    const file = {
      "/": ["index.html", "text/html"],
      [`/${demo}.js`]: [`${demo}.js`, "text/javascript"],
      [`/${demo}.css`]: [`${demo}.css`, "text/css"],
    }[url];
    if (file === undefined) {
      response.writeHead(404).end();
      return;
    }
    const [name = "", type = ""] = file;
    const path = fileURLToPath(new URL(`../../demo/${demo}/${name}`, import.meta.url));
    const text = (await readFile(path, "utf8")).replaceAll("{hub}", hub);
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
