import { randomBytes, randomUUID } from "node:crypto";
import { once } from "node:events";
import express, { type Express, type Request, type Response } from "express";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { openEmrAuthorization, REDIRECT_URI } from "./openemr-authorization.js";
import { OpenEmrData } from "./openemr-data.js";

export { REDIRECT_URI };

/** What the next request that fits is answered with, once. */
export type Fault =
  | { readonly kind: "status"; readonly status: number; readonly headers?: Record<string, string> }
  /** Carried out, then answered so. */
  | { readonly kind: "done-then"; readonly what: "reset" | "html" | 500 }
  | { readonly kind: "reset" }
  | { readonly kind: "silence" };

/**
 * A small HTTP server that answers as OpenEMR does, quirks and all (docs/openemr.md lists them with their sources), in
 * front of a real OpenID provider at /oauth2/default.
 */
export class OpenEmrServer {
  address = "";
  readonly data = new OpenEmrData();
  readonly requests: string[] = [];
  /** Life of access tokens, seconds. */
  tokenSeconds = 3_600;
  tokenRequests = 0;
  fhirWrites = 0;
  private readonly faults: { readonly fits: (name: string) => boolean; readonly fault: Fault }[] = [];
  private away = false;
  private server: Server | undefined;

  static async start(): Promise<OpenEmrServer> {
    const openEmr = new OpenEmrServer();
    const app = express();
    const server = createServer((request, response) => {
      if (openEmr.away) request.socket.destroy();
      else app(request, response);
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
    openEmr.server = server;
    openEmr.address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    await openEmr.route(app);
    return openEmr;
  }

  /** The next request whose `METHOD /path` fits meets the fault. */
  failNext(pattern: RegExp, fault: Fault): void {
    this.failWhen((name) => pattern.test(name), fault);
  }

  /** The first request that fits, counted among the requests already, meets the fault. */
  failWhen(fits: (name: string) => boolean, fault: Fault): void {
    this.faults.push({ fits, fault });
  }

  goAway(): void {
    this.away = true;
    this.server?.closeAllConnections();
  }

  comeBack(): void {
    this.away = false;
  }

  async stop(): Promise<void> {
    this.server?.closeAllConnections();
    this.server?.close();
    await Promise.resolve();
  }

  private async route(app: Express): Promise<void> {
    const provider = await openEmrAuthorization(`${this.address}/oauth2/default`, () => this.tokenSeconds);
    const answer = provider.callback();
    app.use("/oauth2/default", (request, response) => {
      if (request.path === "/token") this.tokenRequests += 1;
      void answer(request, response);
    });
    const api = express.Router();
    api.use(async (request, response, next) => {
      const name = `${request.method} ${request.path}`;
      this.requests.push(name);
      const token = /^Bearer (.+)$/.exec(request.headers.authorization ?? "")?.[1] ?? "";
      const known = await provider.AccessToken.find(token);
      if (known?.isExpired !== false) {
        response.status(401).json({ error: "access_denied", message: "The token is not valid" });
        return;
      }
      const index = this.faults.findIndex(({ fits }) => fits(name));
      const [met] = index === -1 ? [] : this.faults.splice(index, 1);
      if (met === undefined) next();
      else this.misbehave(met.fault, request, response, next);
    });
    api.use(express.json());
    this.data.route(api);
    app.use("/apis/default/api", api);
    // Of DocumentReference and others OpenEMR knows reading only.
    app.all(/^\/apis\/default\/fhir\//, (request, response) => {
      if (request.method !== "GET") this.fhirWrites += 1;
      response.status(request.method === "GET" ? 404 : 405).end();
    });
  }

  private misbehave(fault: Fault, request: Request, response: Response, next: () => void): void {
    if (fault.kind === "status")
      response
        .status(fault.status)
        .set(fault.headers ?? {})
        .send("<h1>Error</h1>");
    else if (fault.kind === "reset") request.socket.destroy();
    else if (fault.kind === "done-then") {
      // The handler answers into nothing; what the client sees is this.
      const { what } = fault;
      const instead = () => {
        if (what === "reset") request.socket.destroy();
        else {
          response.removeHeader("Content-Length");
          response.writeHead(what === "html" ? 200 : what, { "Content-Type": "text/html" });
          response.end("<html><body>Site ID is missing from session data!</body></html>");
        }
        return response;
      };
      response.json = instead;
      response.send = instead;
      next();
    }
  }
}

/** A secret that no other run has. */
export function newSecret(): string {
  return randomBytes(24).toString("base64url") + randomUUID();
}
