import { Router } from "express";
import type { DeadLetters } from "./dead-letters.js";
import type { DestinationStates } from "./destination-states.js";
import {
  dropRequest,
  letterFilter,
  letterSearch,
  messageId,
  noSuchMessage,
  parsedAs,
} from "./letter-request.js";
import type { OutboxStore } from "./outbox-store.js";
import { outboxOverview } from "./overview.js";

export interface OutboxRoutesDependencies {
  readonly outbox: Pick<OutboxStore, "backlog">;
  readonly destinationStates: Pick<DestinationStates, "states">;
  readonly deadLetters: DeadLetters;
}

/** `/api/outbox`: what waits for other systems, what failed and why; to replay it or to give it up. */
export function outboxRoutes(dependencies: OutboxRoutesDependencies): Router {
  const { deadLetters } = dependencies;
  const router = Router();
  router.get("/", async (_request, response) => {
    const [destinations, failed] = await Promise.all([
      outboxOverview(dependencies),
      deadLetters.counts("failed"),
    ]);
    response.json({ destinations, failed });
  });
  router.get("/messages", async (request, response) => {
    const { state, after, limit, ...filter } = parsedAs(letterSearch, request.query);
    const messages = await deadLetters.list(state, filter, after, limit);
    const last = messages.length === limit ? messages.at(-1)?.id : undefined;
    response.json({ messages, ...(last === undefined ? {} : { next: last }) });
  });
  router.get("/messages/:id", async (request, response) => {
    const found = await deadLetters.open(messageId(request.params.id));
    if (found === null) throw noSuchMessage();
    response.json(found);
  });
  router.post("/messages/:id/replay", async (request, response) => {
    const replayed = await deadLetters.replay({ id: messageId(request.params.id) });
    if (replayed === 0) throw noSuchMessage();
    response.status(202).json({ replayed });
  });
  router.post("/messages/:id/drop", async (request, response) => {
    const id = messageId(request.params.id);
    const { reason } = parsedAs(dropRequest, request.body);
    if (!(await deadLetters.drop(id, reason))) throw noSuchMessage();
    response.json({ dropped: 1 });
  });
  router.post("/replay", async (request, response) => {
    const filter = parsedAs(letterFilter, request.body ?? {});
    response.status(202).json({ replayed: await deadLetters.replay(filter) });
  });
  return router;
}
