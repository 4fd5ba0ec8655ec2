import type { Config } from "../config.js";
import type { Connections } from "../connections.js";
import type { Logger } from "../log.js";
import { untilNextDue } from "../outbox/until-next-due.js";
import { repeat } from "../pipeline/repeat.js";
import { AddressGuard } from "../webhooks/address-guard.js";
import { deliverToWebhook } from "../webhooks/deliver.js";
import { GiveOut } from "../webhooks/give-out.js";
import { send } from "../webhooks/send.js";
import { LOOPS } from "../schedules/loops.js";

const DESTINATION = "webhook";
/** The safety net under the wake-up: one lane looks often and when something is due, the others now and then. */
const LOOK_MILLISECONDS = [LOOPS.webhooks.milliseconds, 10_000, 10_000, 10_000];

/** Gives events out to webhooks and delivers them: each lane one webhook at a time. */
export function startWebhooks(
  worker: string,
  config: Config,
  { outbox, webhookQueue: queue, state, destinationStates, onWake, announce }: Connections,
  log: Logger,
): { stop(): Promise<void> }[] {
  if (queue === undefined) return [];
  const guard = new AddressGuard(config.NEURONOVA_WEBHOOK_NETWORKS);
  const lanes = LOOK_MILLISECONDS.map((milliseconds, lane) => {
    const delivery = {
      outbox,
      queue,
      holder: {
        destination: DESTINATION,
        owner: `${worker}.${lane}`,
        leaseSeconds: config.NEURONOVA_OUTBOX_LEASE_SECONDS,
      } as const,
      send: (url: URL, headers: Readonly<Record<string, string>>, body: string, stop: AbortSignal) =>
        send(url, headers, body, guard, stop),
      source: config.NEURONOVA_PUBLIC_URL ?? "urn:neuronova",
      giveUpAfterMilliseconds: config.NEURONOVA_WEBHOOK_GIVE_UP_HOURS * 3_600_000,
      log,
      now: Date.now,
    };
    return repeat(`webhooks-${lane}`, milliseconds, log, async (signal) => {
      const next = await deliverToWebhook(delivery, signal);
      return lane === 0 && next === "idle" ? untilNextDue(outbox, DESTINATION) : next;
    });
  });
  const giveOut = new GiveOut(queue, state.read, () => announce(new Set(["webhooks"])));
  const giving = repeat("webhook-events", LOOPS["webhook-events"].milliseconds, log, () => giveOut.round());
  onWake((topics) => {
    if (topics.has("events")) giving.wake();
    if (topics.has("webhooks")) for (const lane of lanes) lane.wake();
  });
  // Each webhook waits by itself: one that is away is no reason to leave the others alone.
  const since = new Date();
  const reports = repeat(`report-${DESTINATION}`, LOOPS.report.milliseconds, log, async () => {
    if ((await queue.position()).webhooks.length > 0)
      await destinationStates.report(worker, DESTINATION, { state: "closed", since, code: null });
    return "idle";
  });
  return [...lanes, giving, reports];
}
