import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Redis } from "ioredis";
import { connectRedis } from "../../src/adapters/redis/connection.js";
// @ts-expect-error -- plain JavaScript with JSDoc types, checked by `tsc -p scripts`
import { redisProcess } from "../../../scripts/local-stack/redis.mjs";
// @ts-expect-error -- as above
import { layOutDirectory } from "../../../scripts/local-stack/stack-directory.mjs";
// @ts-expect-error -- as above
import { SupervisedProcess } from "../../../scripts/local-stack/supervised-process.mjs";

interface Process {
  start(): Promise<void>;
  stop(): Promise<void>;
}

const definition = redisProcess as (layout: object, settings: { password: string }) => { socket: string };
const layOut = layOutDirectory as (directory: string) => { logs: string };
const Supervised = SupervisedProcess as new (definition: object, surroundings: object) => Process;

const PASSWORD = "only-in-this-test";

/** Redis alone: for what needs nothing else of the stack. */
export class LoneRedis {
  private readonly connections: Redis[] = [];

  private constructor(
    private readonly socket: string,
    readonly process: Process,
    private readonly directory: string,
  ) {}

  static async start(): Promise<LoneRedis> {
    const directory = await mkdtemp(join(tmpdir(), "neuronova-test-"));
    const layout = layOut(directory);
    const redis = definition(layout, { password: PASSWORD });
    const process = new Supervised(redis, { logs: layout.logs, onGivenUp: () => undefined });
    await process.start();
    return new LoneRedis(redis.socket, process, directory);
  }

  /** A connection, which may still be on its way. */
  connect(): Redis {
    const connection = connectRedis({
      url: `unix://${this.socket}`,
      password: PASSWORD,
    });
    connection.on("error", () => undefined);
    this.connections.push(connection);
    return connection;
  }

  async stop(): Promise<void> {
    for (const connection of this.connections) connection.disconnect();
    await this.process.stop();
    await rm(this.directory, { recursive: true, force: true });
  }
}
