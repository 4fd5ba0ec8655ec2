import { z } from "zod";
import type { Operations } from "../openapi/operation.js";
import { count, instant, number } from "../openapi/values.js";
import { dropRequest, letterFilter, letterSearch } from "./letter-request.js";
import { DESTINATIONS, MESSAGE_KINDS, MESSAGE_STATES } from "./message.js";

const destination = z.enum(DESTINATIONS);
const kind = z.enum(MESSAGE_KINDS);
export const destinationOverview = z
  .object({
    destination,
    breaker: z.enum(["closed", "open", "half-open", "none"]),
    since: instant.nullable(),
    code: z.string().nullable(),
    workers: count,
    pending: count,
    failed: count,
    oldestSeconds: z.number(),
  })
  .meta({ id: "Destination" });
const overview = z.object({
  destinations: z.array(destinationOverview),
  failed: z.array(z.object({ destination, kind, code: z.string(), count })),
});
const shape = {
  id: number,
  destination,
  kind,
  subject: z.string(),
  state: z.enum(MESSAGE_STATES),
  attempts: count,
  code: z.string().nullable(),
  reason: z.string().nullable(),
  createdAt: instant,
  nextAttemptAt: instant.nullable(),
  failedAt: instant.nullable(),
  dropReason: z.string().nullable(),
};
const message = z.object(shape).meta({ id: "Message" });
const replayed = z.object({ replayed: count });

/** `/api/outbox`, described. */
export const OUTBOX_OPERATIONS: Operations = {
  "GET /api/outbox": {
    id: "getOutbox",
    tag: "outbox",
    summary: "How each destination is found, and what waits or failed",
    needs: "administer-work",
    answers: { 200: { description: "By destination", schema: overview } },
    example: {},
  },
  "GET /api/outbox/messages": {
    id: "listMessages",
    tag: "outbox",
    summary: "Messages that failed or wait",
    needs: "administer-work",
    query: letterSearch,
    answers: {
      200: {
        description: "A page; `next` is the `after` of the next",
        schema: z.object({ messages: z.array(message), next: number.optional() }),
      },
    },
    example: { query: { state: "pending" } },
  },
  "GET /api/outbox/messages/:id": {
    id: "openMessage",
    tag: "outbox",
    summary: "A message with what its destination answered, which may repeat patient data",
    needs: "administer-work",
    answers: {
      200: { description: "The message", schema: z.object({ ...shape, outcome: z.string().nullable() }) },
    },
    problems: ["no-such-message"],
  },
  "POST /api/outbox/messages/:id/replay": {
    id: "replayMessage",
    tag: "outbox",
    summary: "Has a failed message delivered again, as its subject is now",
    needs: "administer-work",
    answers: { 202: { description: "It waits", schema: replayed } },
    problems: ["no-such-message"],
  },
  "POST /api/outbox/messages/:id/drop": {
    id: "dropMessage",
    tag: "outbox",
    summary: "Gives a failed message up",
    needs: "administer-work",
    body: { schema: dropRequest },
    answers: { 200: { description: "It is given up", schema: z.object({ dropped: z.literal(1) }) } },
    problems: ["no-such-message"],
  },
  "POST /api/outbox/replay": {
    id: "replayMessages",
    tag: "outbox",
    summary: "Has all failed messages of a kind delivered again",
    needs: "administer-work",
    body: { schema: letterFilter, required: false },
    answers: { 202: { description: "How many", schema: replayed } },
    example: { body: { destination: "fhir" } },
  },
};
