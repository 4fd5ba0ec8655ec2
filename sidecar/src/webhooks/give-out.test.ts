import { expect, test } from "vitest";
import { GiveOut } from "./give-out.js";
import { newWebhook } from "./webhook.js";
import type { WebhookFanOut } from "./webhook-store.js";

test("where nobody listens no event need wake it, until there is a webhook", async () => {
  const webhook = newWebhook.parse({ url: "https://example.org/hook", events: ["series.stable"] });
  let webhooks: unknown[] = [];
  let reads = 0;
  const store = {
    position: () => Promise.resolve({ sequence: 3, webhooks }),
    traits: () => Promise.resolve(new Map()),
    giveOut: () => Promise.resolve(true),
  } as unknown as WebhookFanOut;
  const read = {
    eventsAfter: () => {
      reads += 1;
      return Promise.resolve([]);
    },
  };
  const giveOut = new GiveOut(store, read, () => undefined);
  // Not known before the first look.
  expect(giveOut.isListenedTo).toBe(true);
  expect(await giveOut.round()).toBe("idle");
  expect([giveOut.isListenedTo, reads]).toEqual([false, 0]);
  webhooks = [{ ...webhook, id: "1", sinceSequence: 3 }];
  await giveOut.round();
  expect([giveOut.isListenedTo, reads]).toEqual([true, 1]);
});
