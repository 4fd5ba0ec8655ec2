import { ApiError } from "../error-response.js";
import { instancesArrived, type ArrivalDependencies } from "../arrival/instances-arrived.js";
import { isOrthancId, type OrthancId } from "../dicom/uid.js";
import { isMessageKind } from "../outbox/message.js";
import type { JobQueue } from "../pipeline/job-queue.js";
import type { State } from "../state/state.js";

export interface RetryDependencies {
  readonly state: State;
  readonly queue: JobQueue;
  readonly arrival: ArrivalDependencies;
}

/**
 * Has failed work done again, as asked for by a person.
 * @throws ApiError 404 `no-such-failure`
 */
export async function retryFailure(
  kind: string,
  id: string,
  { state, queue, arrival }: RetryDependencies,
): Promise<void> {
  const done = await retry(kind, id, state);
  if (!done) throw noSuchFailure();
  // A queue that does not answer is filled by the refill later.
  if (kind === "rendition") await requeueRendition(id, { state, queue }).catch(() => undefined);
  // An archive that does not answer is asked by the next sweep.
  if (kind === "arrival") await lookAgain(id as OrthancId, arrival).catch(() => undefined);
}

async function retry(kind: string, id: string, state: State): Promise<boolean> {
  if (kind === "arrival" && isOrthancId(id))
    return state.transaction((transaction) => transaction.reconsiderInstance(id));
  if (kind === "rendition" && isOrthancId(id))
    return state.transaction((transaction) => transaction.requestRendition(id));
  if (kind === "analysis" && /^\d{1,15}$/.test(id))
    return state.transaction((transaction) => transaction.retryAnalysis(Number(id)));
  // The refill queues it.
  if (kind === "review" && /^\d{1,15}$/.test(id))
    return state.transaction((transaction) => transaction.retryReview(Number(id)));
  const [, messageKind = "", subject] = /^([a-z]+)\.([\w-]{1,64})$/.exec(id) ?? [];
  if (kind === "fhir" && subject !== undefined && isMessageKind(messageKind))
    return state.transaction((transaction) => transaction.retryMessages(messageKind, subject));
  return false;
}

/** Examines a refused instance as if it had just arrived; what was admitted, or is gone, is not refused any more. */
async function lookAgain(id: OrthancId, arrival: ArrivalDependencies): Promise<void> {
  const { archive, state } = arrival;
  await instancesArrived([id], arrival);
  if ((await state.read.instance(id)) === null && (await archive.fileUuid(id)) !== null) return;
  await state.transaction((transaction) => transaction.forgetRefusedInstance(id));
}

async function requeueRendition(
  id: string,
  { state, queue }: Pick<RetryDependencies, "state" | "queue">,
): Promise<void> {
  if (!isOrthancId(id)) return;
  const instance = await state.read.instance(id);
  if (instance !== null) await queue.add([{ step: "transcode-instance", key: id, stamp: instance.fileUuid }]);
}

export function noSuchFailure(): ApiError {
  return new ApiError(
    404,
    "no-such-failure",
    "There is no such failed work; it may have been retried already.",
  );
}
