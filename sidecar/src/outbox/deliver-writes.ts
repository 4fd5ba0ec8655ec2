import { backoffMilliseconds, reasonOf } from "../pipeline/faults.js";
import type { NewEvent } from "../state/events.js";
import { StateUnavailable } from "../state/state-error.js";
import { DestinationAway } from "./breaker.js";
import type { DeliveryDependencies } from "./destination.js";
import { attemptsAt, faultOf } from "./delivery-fault.js";
import type { MessageFault, Write } from "./outbox-store.js";
import { tracedDelivery } from "./trace-delivery.js";

/** A message the destination fails at so often, while it takes others, is taken for the cause. */
const ATTEMPTS_WHILE_OTHERS_PASS = 10;

/** Given up by ourselves: it says nothing about the destination. */
class Interrupted extends Error {}

/**
 * Delivers writes in their order, several in one request where the destination takes that. A group that is refused is
 * tried again one by one. A fault that stays fails its messages and the next go on; one that passes postpones its
 * aggregate; one of the destination postpones all that was claimed.
 * @param claimed everything that is held: `writes` and more
 */
export async function deliverWrites(
  writes: readonly Write[],
  claimed: readonly Write[],
  dependencies: DeliveryDependencies,
  signal: AbortSignal,
): Promise<void> {
  const { groupSize } = dependencies;
  let waiting = [...writes];
  let open = [...claimed];
  let alone = 0;
  while (waiting.length > 0 && !signal.aborted) {
    const group = alone > 0 ? waiting.slice(0, 1) : firstGroup(waiting, dependencies);
    const error = await tryGroup(group, dependencies, signal);
    if (error instanceof Interrupted) return;
    if (error !== undefined && faultOf(error).concerns !== "message") {
      groupSize.tooMuch();
      return postpone(open, [], error, dependencies);
    }
    const [first] = group;
    if (first === undefined) return;
    if (error !== undefined && group.length > 1) {
      alone = group.length;
      continue;
    }
    alone = Math.max(0, alone - 1);
    if (error === undefined) groupSize.taken();
    const ended = error === undefined ? group : await settleFault(first, open, error, dependencies);
    waiting = waiting.filter((write) => !ended.includes(write));
    open = open.filter((write) => !ended.includes(write));
  }
}

/** The next writes that may go together, as many as there are in a row. */
function firstGroup(waiting: readonly Write[], { destination, groupSize }: DeliveryDependencies): Write[] {
  const end = waiting.findIndex(({ kind }) => !destination.grouped(kind));
  const most = end === -1 ? groupSize.most : Math.min(groupSize.most, end);
  return waiting.slice(0, Math.max(1, most));
}

/**
 * @returns the fault; undefined when the writes are delivered and settled
 * @throws DestinationAway when nothing was tried; StateUnavailable when the fault is our own
 */
async function tryGroup(
  group: readonly Write[],
  { destination, breaker, outbox, holder, tracer, onDelivered }: DeliveryDependencies,
  signal: AbortSignal,
): Promise<unknown> {
  const began = performance.now();
  let written: Awaited<ReturnType<typeof destination.write>>;
  try {
    written = await breaker.run(
      async () => {
        try {
          return await tracedDelivery(tracer, destination.name, group, () =>
            destination.write(group, signal),
          );
        } catch (error) {
          throw signal.aborted
            ? new Interrupted("the lease was lost or the process stops", { cause: error })
            : error;
        }
      },
      group.length === 1 ? group[0]?.aggregate : "",
    );
  } catch (error) {
    if (error instanceof DestinationAway || error instanceof StateUnavailable) throw error;
    return error;
  }
  const events = [...new Set(written.studyInstanceUids)].flatMap((studyInstanceUid): NewEvent[] =>
    studyInstanceUid === null
      ? []
      : [{ event: "study.synchronised", studyInstanceUid, data: { destination: destination.name } }],
  );
  await outbox.delivered(holder, group, written.resources, events);
  const seconds = (performance.now() - began) / 1_000;
  for (const { oldestMilliseconds } of group) onDelivered?.(oldestMilliseconds / 1_000 + seconds);
  return undefined;
}

/** @returns the writes that are over for this time: the failed one alone, or all of its aggregate when it waits */
async function settleFault(
  write: Write,
  open: readonly Write[],
  error: unknown,
  dependencies: DeliveryDependencies,
): Promise<Write[]> {
  const { outbox, destination, holder, log } = dependencies;
  const { kind, subject, ids } = write;
  const attempts = write.attempts + 1;
  const most = attemptsAt(faultOf(error));
  const fails =
    most === undefined
      ? attempts >= ATTEMPTS_WHILE_OTHERS_PASS && (await outbox.othersDelivered(holder, write))
      : attempts >= most;
  if (!fails) {
    const ofAggregate = open.filter(({ aggregate }) => aggregate === write.aggregate);
    await postpone(ofAggregate, ids, error, dependencies, attempts);
    return ofAggregate;
  }
  log.error({ err: error, kind, subject, attempts }, "message failed for good");
  const studyInstanceUid = await destination.studyInstanceUid(write);
  const event: NewEvent | null =
    studyInstanceUid === null
      ? null
      : {
          event: "study.synchronisation-failed",
          studyInstanceUid,
          data: { destination: destination.name, code: faultOf(error).code },
        };
  await outbox.fail(ids, messageFault(error), event);
  return [write];
}

async function postpone(
  writes: readonly Write[],
  tried: readonly number[],
  error: unknown,
  { outbox, breaker, log, destination }: DeliveryDependencies,
  attempts = breaker.failuresInARow,
): Promise<void> {
  const delay = faultOf(error).retryAfterMilliseconds ?? backoffMilliseconds(Math.max(1, attempts));
  const ids = writes.flatMap((write) => write.ids);
  log.warn({ err: error, destination: destination.name, messages: ids.length, delay }, "delivery postponed");
  await outbox.postpone(ids, tried, delay, messageFault(error));
}

function messageFault(error: unknown): MessageFault {
  const { code, outcome } = faultOf(error);
  return { code, reason: reasonOf(error), outcome };
}
