import { spawn, type ChildProcess } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Redis } from "ioredis";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { connectRedis } from "../../src/adapters/redis/connection.js";
import { WakeChannel } from "../../src/adapters/redis/wake.js";
// @ts-expect-error -- plain JavaScript with JSDoc types, checked by `tsc -p scripts`
import { chooseFreePort } from "../../../scripts/local-stack/ports.mjs";

const choosePort = chooseFreePort as (taken: ReadonlySet<number>) => Promise<number>;

const PASSWORD = "only-in-this-test";

let directory: string;
let url: string;
let master: ChildProcess;
const processes: ChildProcess[] = [];
const connections: Redis[] = [];

async function start(name: string, lines: readonly string[], ...args: string[]): Promise<ChildProcess> {
  const file = join(directory, `${name}.conf`);
  await writeFile(file, `${["bind 127.0.0.1", `dir "${directory}"`, ...lines].join("\n")}\n`);
  const started = spawn("redis-server", [file, ...args], { stdio: "ignore" });
  processes.push(started);
  return started;
}

function connect(): Redis {
  const connection = connectRedis({ url, password: PASSWORD });
  connection.on("error", () => undefined);
  connections.push(connection);
  return connection;
}

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "neuronova-test-"));
  const first = await choosePort(new Set());
  const second = await choosePort(new Set([first]));
  const sentinel = await choosePort(new Set([first, second]));
  const ofRedis = [
    `requirepass ${PASSWORD}`,
    `masterauth ${PASSWORD}`,
    'save ""',
    "repl-diskless-sync-delay 0",
  ];
  master = await start("first", [`port ${first}`, ...ofRedis]);
  await start("second", [`port ${second}`, `replicaof 127.0.0.1 ${first}`, ...ofRedis]);
  await start(
    "sentinel",
    [
      `port ${sentinel}`,
      `sentinel monitor images 127.0.0.1 ${first} 1`,
      `sentinel auth-pass images ${PASSWORD}`,
      "sentinel down-after-milliseconds images 1000",
      "sentinel failover-timeout images 10000",
    ],
    "--sentinel",
  );
  // The first of them is nobody: the next is asked.
  url = `redis+sentinel://images/0?sentinel=127.0.0.1:1&sentinel=127.0.0.1:${sentinel}`;
});

afterAll(async () => {
  for (const connection of connections) connection.disconnect();
  for (const each of processes) each.kill("SIGKILL");
  await rm(directory, { recursive: true, force: true });
});

test("Redis is found through Sentinel; when it dies, its replica takes over, with what was written and who listens", async () => {
  const commands = connect();
  await commands.set("before", "1");
  const replicated = async () => expect(await commands.info("replication")).toMatch(/state=online/);
  await vi.waitFor(replicated, { timeout: 60_000, interval: 100 });
  expect(await commands.wait(1, 10_000)).toBe(1);
  const heard: string[] = [];
  const channel = new WakeChannel(commands, connect());
  await channel.subscribe((topics) => heard.push(...topics));
  // Sentinel must know of the replica: it asks every ten seconds.
  const known = () =>
    vi.waitFor(
      async () => {
        const sentinel = connectRedis({ url: url.replace(/.*&sentinel=/, "redis://") });
        sentinel.on("error", () => undefined);
        try {
          expect(await sentinel.call("SENTINEL", "REPLICAS", "images")).toHaveLength(1);
        } finally {
          sentinel.disconnect();
        }
      },
      { timeout: 60_000, interval: 500 },
    );
  await known();

  master.kill("SIGKILL");
  // Waits for as long as there is nobody to write to.
  await commands.set("after", "2");
  expect(await commands.mget("before", "after")).toEqual(["1", "2"]);
  await vi.waitFor(
    () => {
      channel.publish(["outbox"]);
      expect(heard).toContain("outbox");
    },
    { timeout: 60_000, interval: 250 },
  );
});
