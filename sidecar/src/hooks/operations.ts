import { z } from "zod";
import type { Operation, Operations } from "../openapi/operation.js";
import { count, instant, number, permissions } from "../openapi/values.js";
import { rotation } from "../webhooks/webhook.js";
import { hookBody } from "./hook-inbox.js";
import { hookSourcePatch, newHookSource } from "./hook-source.js";
import { HOOK_STATES } from "./hook-store.js";
import { HOOK_TYPE_NAMES } from "./hook-types.js";
import { hookMessagePage } from "./source-routes.js";

const name = z.string().meta({ description: "Name of the source" });
const status = {
  webhookId: z.string().meta({ description: "The header `webhook-id` it came with" }),
  type: z.enum(HOOK_TYPE_NAMES),
  state: z.enum(HOOK_STATES),
  attempts: count,
  code: z.string().nullable().meta({ description: "Why it failed, or what it waits for (docs/errors.md)" }),
  reason: z.string().nullable(),
  result: z
    .record(z.string(), z.union([z.string(), z.number(), z.array(z.number())]))
    .nullable()
    .meta({ description: "What came of it, by the names it has in the rest of the API" }),
  receivedAt: instant,
  nextAttemptAt: instant.nullable(),
  endedAt: instant.nullable(),
};
const shape = {
  ...newHookSource.shape,
  permissions,
  enabled: z.boolean(),
  createdBy: z.string(),
  createdAt: instant,
  changedAt: instant,
};
const source = z.object(shape).meta({ id: "HookSource" });
const secret = z.string().meta({ description: "`whsec_…`, shown this once" });

const SIGNED =
  "Signed by Standard Webhooks with a secret of the source, or sent with an API key that may speak for it (docs/inbound-hooks.md).";
const HEADERS = {
  "webhook-id": "the message's own: sent again with it, nothing is done twice",
  "webhook-timestamp": "seconds since 1970, at most 5 minutes from now",
  "webhook-signature": "`v1,` and the base64 of HMAC-SHA256 over `id.timestamp.body`",
};
const RECOGNISED = [
  "hook-signature-invalid",
  "hook-timestamp-outside",
  "hook-source-off",
  "token-missing",
  "token-invalid",
  "token-expired",
  "not-configured",
] as const;
const common = { tag: "hooks", needs: "admin-permissions" } as const;
const ofOne = {
  ...common,
  path: { source: name },
  problems: ["no-such-hook-source", "not-configured"],
} satisfies Partial<Operation>;

/** `/api/hooks` and `/api/hook-sources`, described. */
export const HOOK_OPERATIONS: Operations = {
  "POST /api/hooks/:source": {
    id: "tellHook",
    tag: "hooks",
    summary: "Tells that something happened; it is kept, and worked on afterwards",
    description: SIGNED,
    needs: "nothing",
    path: { source: name },
    headers: HEADERS,
    body: { schema: hookBody.extend({ type: z.enum(HOOK_TYPE_NAMES) }) },
    answers: {
      202: {
        description: "It is kept",
        schema: z.object({
          ...status,
          duplicate: z.boolean().meta({ description: "Whether it had come before" }),
        }),
        headers: { Location: "where it says what came of it" },
      },
    },
    problems: [...RECOGNISED, "hook-type-unknown", "hook-type-not-allowed", "webhook-id-reused"],
  },
  "GET /api/hooks/:source/:webhookId": {
    id: "getHookStatus",
    tag: "hooks",
    summary: "Where a message has got to",
    description: `${SIGNED} \`webhook-id\` is the one asked for, the body is empty.`,
    needs: "nothing",
    path: { source: name, webhookId: z.string() },
    headers: HEADERS,
    answers: { 200: { description: "Its state", schema: z.object(status) } },
    problems: [...RECOGNISED, "request-malformed", "no-such-hook-message"],
  },
  "GET /api/hook-sources": {
    ...common,
    id: "listHookSources",
    summary: "Systems that may tell us things, without their secrets",
    answers: { 200: { description: "All", schema: z.object({ sources: z.array(source) }) } },
    problems: ["not-configured"],
  },
  "POST /api/hook-sources": {
    ...common,
    id: "createHookSource",
    summary: "Registers a source; its secret is shown this once",
    body: { schema: newHookSource },
    answers: { 201: { description: "The source", schema: z.object({ ...shape, secret }) } },
    problems: ["not-configured", "hook-source-taken"],
  },
  "GET /api/hook-sources/:source": {
    ...ofOne,
    id: "getHookSource",
    summary: "A source",
    answers: { 200: { description: "The source", schema: source } },
  },
  "PATCH /api/hook-sources/:source": {
    ...ofOne,
    id: "changeHookSource",
    summary: "Changes what the body names",
    body: { schema: hookSourcePatch },
    answers: { 200: { description: "The source", schema: source } },
  },
  "DELETE /api/hook-sources/:source": {
    ...ofOne,
    id: "removeHookSource",
    summary: "Removes a source; what waits of it fails",
    answers: { 204: { description: "It is gone" } },
  },
  "POST /api/hook-sources/:source/secret": {
    ...ofOne,
    id: "rotateHookSecret",
    summary: "Another secret; the former one stays good for the overlap",
    body: { schema: rotation, required: false },
    answers: { 201: { description: "The secret", schema: z.object({ secret, formerUntil: instant }) } },
  },
  "GET /api/hook-sources/:source/messages": {
    ...ofOne,
    id: "listHookMessages",
    summary: "What a source told, the newest first",
    query: hookMessagePage,
    answers: {
      200: {
        description: "A page; `next` is the `before` of the next",
        schema: z.object({
          messages: z.array(z.object({ id: number, ...status })),
          next: number.optional(),
        }),
      },
    },
  },
  "POST /api/hook-sources/:source/messages/:id/replay": {
    ...ofOne,
    id: "replayHookMessage",
    summary: "Has a message that failed worked on again",
    answers: { 202: { description: "It waits", schema: z.object({ replayed: z.literal(1) }) } },
    problems: [...ofOne.problems, "no-such-hook-message"],
  },
};
