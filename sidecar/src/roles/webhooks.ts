import type { Config } from "../config.js";
import type { Connections } from "../connections.js";
import type { Logger } from "../log.js";
import { untilNextDue } from "../outbox/until-next-due.js";
import { runLanes } from "../pipeline/lanes.js";
import { repeat } from "../pipeline/repeat.js";
import { AddressGuard } from "../webhooks/address-guard.js";
import { deliverToWebhook } from "../webhooks/deliver.js";
import { GiveOut } from "../webhooks/give-out.js";
import { send } from "../webhooks/send.js";
import { LOOPS } from "../schedules/loops.js";

const DESTINATION = "webhook";
const LANES = 4;

/** Gives events out to webhooks and delivers them: each lane one webhook at a time. */
export function startWebhooks(
  worker: string,
  config: Config,
  { outbox, webhookQueue: queue, state, destinationStates, onWake, announce }: Connections,
  log: Logger,
): { stop(): Promise<void> }[] {
  if (queue === undefined) return [];
  const guard = new AddressGuard(config.NEURONOVA_WEBHOOK_NETWORKS);
  const times = {
    milliseconds: LOOPS.webhooks.milliseconds,
    untilNext: () => untilNextDue(outbox, DESTINATION),
  };
  const lanes = runLanes("webhooks", LANES, times, log, ({ number, tookSomething }, signal) => {
    const delivery = {
      outbox,
      queue,
      holder: {
        destination: DESTINATION,
        owner: `${worker}.${number}`,
        leaseSeconds: config.NEURONOVA_OUTBOX_LEASE_SECONDS,
      } as const,
      onClaimed: tookSomething,
      send: (url: URL, headers: Readonly<Record<string, string>>, body: string, stop: AbortSignal) =>
        send(url, headers, body, guard, stop),
      source: config.NEURONOVA_PUBLIC_URL ?? "urn:neuronova",
      giveUpAfterMilliseconds: config.NEURONOVA_WEBHOOK_GIVE_UP_HOURS * 3_600_000,
      log,
      now: Date.now,
    };
    return deliverToWebhook(delivery, signal);
  });
  const giveOut = new GiveOut(queue, state.read, () => announce(new Set(["webhooks"])));
  const giving = repeat("webhook-events", LOOPS["webhook-events"].milliseconds, log, () => giveOut.round());
  onWake((topics) => {
    if (topics.has("events") && giveOut.isListenedTo) giving.wake();
    if (topics.has("webhooks")) lanes.wake();
  });
  // Each webhook waits by itself: one that is away is no reason to leave the others alone.
  const since = new Date();
  const reports = repeat(`report-${DESTINATION}`, LOOPS.report.milliseconds, log, async () => {
    if ((await queue.position()).webhooks.length > 0)
      await destinationStates.report(worker, DESTINATION, { state: "closed", since, code: null });
    return "idle";
  });
  return [lanes, giving, reports];
}
