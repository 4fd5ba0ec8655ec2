import type { Redis } from "ioredis";
import { connectRedis } from "../../src/adapters/redis/connection.js";

/** How everything that a key of a type holds is read. */
const READ: Readonly<Record<string, (key: string) => [command: string, ...args: string[]]>> = {
  string: (key) => ["GET", key],
  list: (key) => ["LRANGE", key, "0", "-1"],
  set: (key) => ["SMEMBERS", key],
  zset: (key) => ["ZRANGE", key, "0", "-1"],
  hash: (key) => ["HGETALL", key],
  stream: (key) => ["XRANGE", key, "-", "+"],
};

/** A text that must not be in Redis, by what it is. */
export type Secrets = Readonly<Record<string, string>>;

/** Redis of a running stack: what it holds, and every command that anybody sends it (but AUTH, which it redacts). */
export class WatchedRedis {
  private readonly commands: string[] = [];
  private readonly waiters = new Set<() => void>();

  private constructor(
    private readonly redis: Redis,
    private readonly monitor: Redis,
  ) {
    monitor.on("monitor", (_time: string, args: readonly string[]) => {
      this.commands.push(args.join(" "));
      for (const look of this.waiters) look();
    });
  }

  static async watch(socket: string, password: string): Promise<WatchedRedis> {
    const redis = connectRedis({ url: `unix://${socket}`, password });
    return new WatchedRedis(redis, await redis.monitor());
  }

  close(): void {
    this.monitor.disconnect();
    this.redis.disconnect();
  }

  /** The payloads of the jobs that a step's queue holds, waiting, delayed or running. */
  async payloads(step: string): Promise<Record<string, unknown>[]> {
    const found: Record<string, unknown>[] = [];
    for (const key of await this.keys(`neuronova:${step}:*`)) {
      if ((await this.redis.type(key)) !== "hash") continue;
      const data = await this.redis.hget(key, "data");
      if (data !== null) found.push(JSON.parse(data) as Record<string, unknown>);
    }
    return found;
  }

  /** How many jobs of a step's queue hold the reason of a failed attempt. */
  async failures(step: string): Promise<number> {
    let count = 0;
    for (const key of await this.keys(`neuronova:${step}:*`))
      if ((await this.redis.type(key)) === "hash" && (await this.redis.hexists(key, "failedReason")) === 1)
        count += 1;
    return count;
  }

  /** Which of the secrets a key or its content has. @throws at a type of key that nobody reads here */
  async heldNow(secrets: Secrets): Promise<string[]> {
    const found = new Set<string>();
    for (const key of await this.keys("*")) {
      const type = await this.redis.type(key);
      if (type === "none") continue;
      const read = READ[type];
      if (read === undefined) throw new Error(`nobody reads a ${type}, which ${key} is`);
      const [command, ...args] = read(key);
      const pieces = [key, ...flat(await this.redis.callBuffer(command, args))];
      for (const name of among(pieces, secrets)) found.add(`${name} in ${key}`);
    }
    return [...found];
  }

  /** Which of the secrets a command had since the watch began, published messages and what was deleted included. */
  async everSent(secrets: Secrets): Promise<string[]> {
    await this.caughtUp();
    return among(this.commands, secrets);
  }

  get commandCount(): number {
    return this.commands.length;
  }

  /** Puts a text into Redis, as a fault of the program would. */
  async plant(key: string, value: string): Promise<void> {
    await this.redis.lpush(key, value);
  }

  async remove(key: string): Promise<void> {
    await this.redis.del(key);
  }

  private async keys(pattern: string): Promise<string[]> {
    const found: string[] = [];
    for await (const batch of this.redis.scanStream({ match: pattern, count: 1_000 }))
      found.push(...(batch as string[]));
    return found;
  }

  /** Waits until the monitor has told of a command that is sent now: it tells in order. */
  private async caughtUp(): Promise<void> {
    const mark = `mark-${this.commands.length}`;
    await new Promise<void>((resolve, reject) => {
      const look = () => {
        if (!this.commands.some((command) => command.endsWith(mark))) return;
        this.waiters.delete(look);
        resolve();
      };
      this.waiters.add(look);
      this.redis.call("ECHO", mark).catch(reject);
    });
  }
}

/** The names of the secrets that are in any of the pieces, in one of the forms a program may give them. */
function among(pieces: readonly string[], secrets: Secrets): string[] {
  const everything = pieces.join("\0").toLowerCase();
  return Object.entries(secrets)
    .filter(([, text]) => formsOf(text).some((form) => everything.includes(form.toLowerCase())))
    .map(([name]) => name);
}

function formsOf(text: string): string[] {
  const bytes = Buffer.from(text);
  const base64 = [0, 1, 2].flatMap((offset) => {
    const encoded = Buffer.concat([Buffer.alloc(offset), bytes]);
    // Characters that hold bits of the text alone, wherever it stands in what was encoded.
    const [from, to] = [Math.ceil((offset * 4) / 3), Math.floor((encoded.length * 4) / 3)];
    return [encoded.toString("base64").slice(from, to), encoded.toString("base64url").slice(from, to)];
  });
  // MONITOR writes bytes past ASCII so.
  const monitored = [...bytes].map((byte) =>
    byte > 126 ? `\\x${byte.toString(16)}` : String.fromCharCode(byte),
  );
  return [text, monitored.join(""), encodeURIComponent(text), bytes.toString("hex"), ...base64];
}

function flat(answer: unknown): string[] {
  if (Array.isArray(answer)) return answer.flatMap(flat);
  return Buffer.isBuffer(answer) ? [answer.toString()] : [];
}
