import { createHash } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { z } from "zod";
import type { TokenVerifier } from "../authorization/access-token.js";
import { authenticate } from "../authorization/authenticate.js";
import { parseBody } from "../authorization/parse-body.js";
import { ApiError } from "../error-response.js";
import { isSigned, newSecret } from "../webhooks/signature.js";
import type { HookSource } from "./hook-source.js";
import type { HookMessage, HookMessageStore, HookSourceStore } from "./hook-store.js";
import { HOOK_TYPES, HOOK_TYPE_NAMES, isHookType, type HookTypeName } from "./hook-types.js";

/** How far a message's time may be from ours (Standard Webhooks), either way. */
const TOLERANCE_MILLISECONDS = 300_000;
/** It stands in an address, and before a dot where it is signed. */
const WEBHOOK_ID = /^[A-Za-z0-9][\w~:@-]{0,127}$/;

/** The body of every message; `type` is looked at by itself. */
export const hookBody = z.strictObject({
  type: z.string(),
  /** When it happened. */
  timestamp: z.iso.datetime({ offset: true }),
  data: z.record(z.string(), z.unknown()),
});

export interface InboxDependencies {
  readonly sources: HookSourceStore;
  readonly messages: HookMessageStore;
  readonly tokens: TokenVerifier;
  /** There is something to do. */
  readonly wake: () => void;
}

/** Takes what integrators tell: checked, kept, and answered before anything is done with it. */
export class HookInbox {
  constructor(private readonly dependencies: InboxDependencies) {}

  /**
   * @param body as it came: the signature is over its bytes
   * @throws ApiError 400; 401 `hook-signature-invalid`, `hook-timestamp-outside`; 403 `hook-source-off`,
   *   `hook-type-not-allowed`; 422 `hook-type-unknown`, `webhook-id-reused`
   */
  async receive(
    name: string,
    request: IncomingMessage,
    body: Uint8Array,
    address: string,
  ): Promise<{ readonly message: HookMessage; readonly isNew: boolean }> {
    const { messages, wake } = this.dependencies;
    const source = await this.recognise(name, request, body);
    const webhookId = idIn(request);
    const { type, data } = readMessage(body, source);
    const kept = await messages.keep({
      source: source.name,
      webhookId,
      type,
      lane: HOOK_TYPES[type].lane(data),
      bodyHash: createHash("sha256").update(body).digest("hex"),
      data: JSON.stringify(data),
      address,
    });
    if (!kept.sameBody)
      throw new ApiError(422, "webhook-id-reused", "This webhook-id came with another body before.");
    if (kept.isNew) wake();
    return kept;
  }

  /**
   * Where a message has got to, for its source.
   * @throws ApiError 401, 403 as for receiving; 404 `no-such-hook-message`
   */
  async status(name: string, webhookId: string, request: IncomingMessage): Promise<HookMessage> {
    const source = await this.recognise(name, request, new Uint8Array(), webhookId);
    const message = WEBHOOK_ID.test(webhookId)
      ? await this.dependencies.messages.find(source.name, webhookId)
      : null;
    if (message === null) throw new ApiError(404, "no-such-hook-message", "There is no such message.");
    return message;
  }

  /** Who speaks: a source by one of its secrets, or an API key that may speak for it. */
  private async recognise(
    name: string,
    request: IncomingMessage,
    body: Uint8Array,
    asked?: string,
  ): Promise<HookSource> {
    const { sources } = this.dependencies;
    const source = await sources.get(name);
    if (request.headers.authorization !== undefined) await this.demandKey(source, request);
    // A name that nobody has takes as long as one that somebody has.
    else
      demandSignature(
        source === null ? [{ secret: newSecret() }] : await sources.secrets(name),
        request,
        body,
      );
    if (source === null) throw notRecognised();
    if (asked !== undefined && request.headers.authorization === undefined && idIn(request) !== asked)
      throw notRecognised();
    if (!source.enabled) throw new ApiError(403, "hook-source-off", "This source is switched off.");
    return source;
  }

  private async demandKey(source: HookSource | null, request: IncomingMessage): Promise<void> {
    const { subject } = await authenticate(request, this.dependencies.tokens);
    if (source?.apiKeys.some((id) => subject === `api-key:${id}`) !== true) throw notRecognised();
  }
}

function demandSignature(
  secrets: Parameters<typeof isSigned>[2],
  request: IncomingMessage,
  body: Uint8Array,
): void {
  const header = (name: string) => {
    const value = request.headers[name];
    return typeof value === "string" ? value : "";
  };
  const timestamp = header("webhook-timestamp");
  const now = Date.now();
  const signed = isSigned(
    { id: header("webhook-id"), timestamp, signatures: header("webhook-signature") },
    body,
    secrets,
    now,
  );
  if (!signed || !/^\d{1,12}$/.test(timestamp)) throw notRecognised();
  if (Math.abs(now - Number(timestamp) * 1_000) > TOLERANCE_MILLISECONDS)
    throw new ApiError(
      401,
      "hook-timestamp-outside",
      "webhook-timestamp is more than 5 minutes from the time here.",
    );
}

function idIn(request: IncomingMessage): string {
  const id = request.headers["webhook-id"];
  if (typeof id === "string" && WEBHOOK_ID.test(id)) return id;
  throw new ApiError(
    400,
    "request-malformed",
    "webhook-id: 1 to 128 of A-Z, a-z, 0-9, _, ~, :, @ and -, first a letter or digit",
  );
}

/** @returns the data as it came; that it fits its type is checked */
function readMessage(
  body: Uint8Array,
  source: HookSource,
): { readonly type: HookTypeName; readonly data: unknown } {
  const { type, data } = parseBody(hookBody, jsonIn(body));
  if (!isHookType(type))
    throw new ApiError(
      422,
      "hook-type-unknown",
      `There is no such type; there are ${HOOK_TYPE_NAMES.join(", ")}.`,
      {},
      {},
      { types: HOOK_TYPE_NAMES },
    );
  if (!source.types.includes(type))
    throw new ApiError(
      403,
      "hook-type-not-allowed",
      `This source may send ${source.types.join(", ")}.`,
      {},
      {},
      { types: source.types },
    );
  return { type, data };
}

function jsonIn(body: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(body));
  } catch {
    throw new ApiError(400, "request-malformed", "The body is not JSON.");
  }
}

/** The same for a name that nobody has, a wrong signature and a key that may not speak for it. */
function notRecognised(): ApiError {
  return new ApiError(
    401,
    "hook-signature-invalid",
    "This is neither signed by a secret of the source, nor sent with an API key that may speak for it.",
  );
}
