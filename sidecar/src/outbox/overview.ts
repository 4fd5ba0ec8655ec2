import type { DestinationState, DestinationStates } from "./destination-states.js";
import { DESTINATIONS } from "./message.js";
import type { Backlog, OutboxStore } from "./outbox-store.js";

export interface DestinationOverview extends DestinationState, Backlog {}

/** How every destination is found and what waits for it; those nothing was ever meant for are left out. */
export async function outboxOverview({
  outbox,
  destinationStates,
}: {
  readonly outbox: Pick<OutboxStore, "backlog">;
  readonly destinationStates: Pick<DestinationStates, "states">;
}): Promise<DestinationOverview[]> {
  const [backlog, states] = await Promise.all([outbox.backlog(), destinationStates.states()]);
  return DESTINATIONS.flatMap((destination) => {
    const state = states.find((found) => found.destination === destination);
    const waiting = backlog.find((found) => found.destination === destination);
    if (state === undefined && waiting === undefined) return [];
    return [
      {
        ...(state ?? { destination, breaker: "none" as const, since: null, code: null, workers: 0 }),
        ...(waiting ?? { destination, pending: 0, failed: 0, oldestSeconds: 0 }),
      },
    ];
  });
}
