import type { Operations } from "../openapi/operation.js";

/** `/api/events`, named: what is said on it is in docs/architecture.md. */
export const EVENT_OPERATIONS: Operations = {
  "GET /api/events": {
    id: "followEvents",
    tag: "health",
    summary: "WebSocket: events within reach, from a sequence on",
    description: "The first message has the token and, after a break, the last sequence that was seen.",
    needs: "nothing",
    answers: { 101: { description: "The connection is a WebSocket (RFC 6455)" } },
  },
};
