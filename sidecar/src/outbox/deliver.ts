import type { Logger } from "../log.js";
import { backoffMilliseconds, isRetryable, reasonOf } from "../pipeline/faults.js";
import type { NewEvent } from "../state/events.js";
import type { FhirResourceKey } from "../state/state.js";
import type { OutboxMessage, OutboxStore } from "./outbox-store.js";

/** What it takes to write one message's subject, as it is now, to a destination. */
export interface Destination {
  readonly name: "fhir";
  /** @returns what was written and which study that synchronises; null when the subject is gone */
  write(
    kind: OutboxMessage["kind"],
    subject: string,
  ): Promise<{ resources: FhirResourceKey[]; studyInstanceUid: string } | null>;
  studyInstanceUid(kind: OutboxMessage["kind"], subject: string): Promise<string | null>;
}

export interface DeliveryDependencies {
  readonly outbox: OutboxStore;
  readonly destination: Destination;
  /** Names this worker in leases. */
  readonly owner: string;
  readonly log: Logger;
}

const LEASE_SECONDS = 20;

/**
 * Delivers what is due of one aggregate, in order. Messages about the same subject are one write: the newest state
 * wins. A fault that passes postpones the aggregate; a fault that stays fails its messages and the next go on.
 */
export async function deliverNext({
  outbox,
  destination,
  owner,
  log,
}: DeliveryDependencies): Promise<"more" | "idle"> {
  const claim = await outbox.claim(destination.name, owner, LEASE_SECONDS);
  if (claim === null) return "idle";
  try {
    for (const { kind, subject, ids, attempts } of bySubject(claim.messages)) {
      try {
        const written = await destination.write(kind, subject);
        const event: NewEvent | null =
          written === null
            ? null
            : {
                event: "study.synchronised",
                studyInstanceUid: written.studyInstanceUid,
                data: { destination: destination.name },
              };
        await outbox.delivered(ids, written?.resources ?? [], event);
      } catch (error) {
        const reason = reasonOf(error);
        if (isRetryable(error) === false) {
          const studyInstanceUid = await destination.studyInstanceUid(kind, subject);
          const event: NewEvent | null =
            studyInstanceUid === null
              ? null
              : {
                  event: "study.synchronisation-failed",
                  studyInstanceUid,
                  data: { destination: destination.name },
                };
          log.error({ err: error, kind, subject }, "message failed for good");
          await outbox.fail(ids, reason, event);
          continue;
        }
        log.warn({ err: error, kind, subject, attempts: attempts + 1 }, "delivery postponed");
        await outbox.postpone(
          claim.messages.map(({ id }) => id),
          backoffMilliseconds(attempts + 1),
          reason,
        );
        return "more";
      }
    }
  } finally {
    await outbox.release(destination.name, claim.aggregate, owner);
  }
  return "more";
}

interface Write {
  readonly kind: OutboxMessage["kind"];
  readonly subject: string;
  readonly ids: number[];
  readonly attempts: number;
}

function bySubject(messages: readonly OutboxMessage[]): Write[] {
  const writes = new Map<string, Write>();
  for (const { id, kind, subject, attempts } of messages) {
    const key = `${kind} ${subject}`;
    const write = writes.get(key);
    if (write === undefined) writes.set(key, { kind, subject, ids: [id], attempts });
    else write.ids.push(id);
  }
  return [...writes.values()];
}
