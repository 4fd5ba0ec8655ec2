import { once } from "node:events";
import { readFileSync } from "node:fs";
import {
  Agent,
  createServer,
  request,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from "node:http";
import type { AddressInfo } from "node:net";
import { expect } from "vitest";
import { permissionsOf } from "../../src/authorization/permissions.js";
import { createPrincipal, type Principal } from "../../src/authorization/principal.js";

const errors = readFileSync(new URL("../../../docs/errors.md", import.meta.url), "utf8");
const DOCUMENTED = new Set([...errors.matchAll(/`([a-z-]+)`/g)].map(([, code = ""]) => code));

/** Somebody who may do everything. */
export const administrator: Principal = createPrincipal(
  {
    subject: "account:1",
    kind: "account",
    displayName: "",
    role: "admin",
    permissions: permissionsOf("admin"),
    labels: ["*"],
    patient: null,
    studyInstanceUids: null,
    grants: [],
  },
  "token",
  new Date(Date.now() + 86_400_000),
);

/** A server in this process, of a handler alone. */
export async function listening(
  handle: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<{ server: Server; port: number }> {
  const server = createServer(handle).listen(0, "127.0.0.1");
  await once(server, "listening");
  return { server, port: (server.address() as AddressInfo).port };
}

export interface Answer {
  readonly status: number;
  readonly type: string;
  readonly body: string;
}

const agent = new Agent({ keepAlive: true, maxSockets: 4 });

/** @throws Error where there is no answer */
export function ask(
  port: number,
  {
    method,
    path,
    headers,
    body,
  }: {
    readonly method: string;
    readonly path: string;
    readonly headers: Readonly<Record<string, string>>;
    readonly body: Uint8Array | string;
  },
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = request({ host: "127.0.0.1", port, method, path, headers, agent }, (response) => {
      response.toArray().then((chunks: Buffer[]) => {
        const { statusCode = 0, headers: answered } = response;
        const text = Buffer.concat(chunks).toString("utf8");
        resolve({ status: statusCode, type: answered["content-type"] ?? "", body: text });
      }, reject);
    });
    sent.on("error", reject);
    sent.end(body);
  });
}

/** An answer that says what it is: done, or a problem of those in docs/errors.md, and never a failure of ours. */
export function expectDocumented({ status, type, body }: Answer): void {
  expect(status, body).toBeLessThan(500);
  if (type !== "application/problem+json") return;
  const { code, status: told } = JSON.parse(body) as { code: string; status: number };
  expect(told).toBe(status);
  expect(DOCUMENTED).toContain(code);
}
