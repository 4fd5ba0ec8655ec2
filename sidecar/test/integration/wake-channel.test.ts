import { afterAll, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { WakeChannel } from "../../src/adapters/redis/wake.js";
import { LoneRedis } from "../stack/lone-redis.js";

let redis: LoneRedis;
let heard: string[] = [];

beforeAll(async () => {
  redis = await LoneRedis.start();
  const listening = new WakeChannel(redis.connect(), redis.connect());
  await listening.subscribe((topics) => heard.push(...topics));
});

afterAll(() => redis.stop());

beforeEach(() => {
  heard = [];
});

/** What a command does: it opens its connections, changes something, and ends. */
async function command(...topics: string[]): Promise<void> {
  const [publisher, subscriber] = [redis.connect(), redis.connect()];
  const channel = new WakeChannel(publisher, subscriber);
  for (const topic of topics) channel.publish([topic]);
  await channel.end();
  for (const connection of [publisher, subscriber]) connection.disconnect();
}

const eventually = (check: () => void) => vi.waitFor(check, { timeout: 10_000, interval: 5 });

test("what a command says right before it ends is heard, though it was never connected before", async () => {
  await command("first", "second", "third");
  await eventually(() => expect([...heard].sort()).toEqual(["first", "second", "third"]));
});

test("what follows closely goes together, and the last of it is heard though the process ends", async () => {
  const publisher = redis.connect();
  const channel = new WakeChannel(publisher, redis.connect());
  await vi.waitFor(() => expect(publisher.status).toBe("ready"));
  channel.publish(["at-once"]);
  channel.publish(["soon-1"]);
  channel.publish(["soon-2"]);
  await channel.end();
  publisher.disconnect();
  await eventually(() => expect([...heard].sort()).toEqual(["at-once", "soon-1", "soon-2"]));
});

test("what is said while Redis is away is heard when it is back", async () => {
  const publisher = redis.connect();
  const channel = new WakeChannel(publisher, redis.connect());
  await vi.waitFor(() => expect(publisher.status).toBe("ready"));
  await redis.process.stop();
  await vi.waitFor(() => expect(publisher.status).not.toBe("ready"));
  channel.publish(["while-away"]);
  await redis.process.start();
  // The listener's connection may come back later than the publisher's: both say it again until then.
  await eventually(() => {
    channel.publish(["again"]);
    expect(heard).toContain("again");
  });
});

test("a process that ends while Redis is away does not wait for it", async () => {
  await redis.process.stop();
  await command("lost");
  await redis.process.start();
});
