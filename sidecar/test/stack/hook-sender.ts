import { randomUUID } from "node:crypto";
import { expect } from "vitest";
import { Webhook } from "standardwebhooks";
import { until } from "./emr-client.js";
import type { RunningStack } from "./running-stack.js";

export interface HookStatus {
  readonly webhookId: string;
  readonly type: string;
  readonly state: "pending" | "done" | "failed";
  readonly attempts: number;
  readonly code: string | null;
  readonly reason: string | null;
  readonly result: Readonly<Record<string, unknown>> | null;
  readonly duplicate?: boolean;
}
export interface HookAnswer {
  readonly status: number;
  readonly body: HookStatus & { readonly code: string | null; readonly types?: readonly string[] };
}

/** Registers a source as an administrator does. */
export async function addSource(stack: RunningStack, source: object): Promise<HookSender> {
  const response = await stack.fetch("/api/hook-sources", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ issuer: "HOSPITAL", ...source }),
  });
  const { name, secret } = (await response.json()) as { name: string; secret: string };
  expect(response.status).toBe(201);
  return new HookSender(stack, name, secret);
}

/** A system that tells things, signing with the reference library of Standard Webhooks. */
export class HookSender {
  constructor(
    private readonly stack: RunningStack,
    readonly name: string,
    public secret: string,
  ) {}

  /** @param rest what is otherwise than usual: the time it is signed for, headers, the secret */
  async send(
    type: string,
    data: unknown,
    id: string = randomUUID(),
    rest: { readonly at?: Date; readonly secret?: string; readonly headers?: Record<string, string> } = {},
  ): Promise<HookAnswer> {
    const body = JSON.stringify({ type, timestamp: "2026-03-01T10:00:00+09:00", data });
    return this.post(body, id, rest);
  }

  async post(
    body: string,
    id: string = randomUUID(),
    {
      at = new Date(),
      secret = this.secret,
      headers,
    }: { readonly at?: Date; readonly secret?: string; readonly headers?: Record<string, string> } = {},
  ): Promise<HookAnswer> {
    return this.ask("POST", `/api/hooks/${this.name}`, body, headers ?? this.signed(id, at, body, secret));
  }

  /** Asks where a message has got to. */
  async status(id: string): Promise<HookAnswer> {
    return this.ask(
      "GET",
      `/api/hooks/${this.name}/${id}`,
      undefined,
      this.signed(id, new Date(), "", this.secret),
    );
  }

  /** Tells it, and waits until it is over. */
  async tell(type: string, data: unknown, id: string = randomUUID()): Promise<HookStatus> {
    const { status, body } = await this.send(type, data, id);
    expect(status, JSON.stringify(body)).toBe(202);
    return this.end(id);
  }

  end(id: string, seconds = 20): Promise<HookStatus> {
    return until(
      `the end of ${id}`,
      async () => {
        const { body } = await this.status(id);
        return body.state === "pending" ? undefined : body;
      },
      seconds,
    );
  }

  private signed(id: string, at: Date, body: string, secret: string): Record<string, string> {
    return {
      "webhook-id": id,
      "webhook-timestamp": String(Math.floor(at.getTime() / 1_000)),
      "webhook-signature": new Webhook(secret).sign(id, at, body),
    };
  }

  private async ask(
    method: string,
    path: string,
    body: string | undefined,
    headers: Record<string, string>,
  ): Promise<HookAnswer> {
    const response = await fetch(this.stack.local.address + path, {
      method,
      headers: { ...(body === undefined ? {} : { "Content-Type": "application/json" }), ...headers },
      ...(body === undefined ? {} : { body }),
    });
    const text = await response.text();
    return {
      status: response.status,
      body: (/^\{/.test(text) ? JSON.parse(text) : {}) as HookAnswer["body"],
    };
  }
}
