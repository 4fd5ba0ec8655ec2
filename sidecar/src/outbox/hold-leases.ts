import type { Holder, OutboxStore } from "./outbox-store.js";

/** Renewals within the time of a lease: two may fail. */
const RENEWALS = 3;

/** Renews the leases while their messages are being written; `lost` aborts when one of them is somebody else's. */
export function holdLeases(
  outbox: Pick<OutboxStore, "renew">,
  holder: Holder,
  aggregates: ReadonlySet<string>,
): { readonly lost: AbortSignal; end(): Promise<void> } {
  const lost = new AbortController();
  let renewal: Promise<void> = Promise.resolve();
  const renew = async () => {
    try {
      const held = await outbox.renew(holder);
      if ([...aggregates].some((aggregate) => !held.has(aggregate))) lost.abort();
    } catch {
      // The database is away: the lease ends by itself, and what was written is settled by whoever has it then.
    }
  };
  const timer = setInterval(
    () => {
      renewal = renewal.then(renew);
    },
    (holder.leaseSeconds * 1_000) / RENEWALS,
  );
  return {
    lost: lost.signal,
    async end() {
      clearInterval(timer);
      await renewal;
    },
  };
}
