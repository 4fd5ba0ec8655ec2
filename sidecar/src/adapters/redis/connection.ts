import type { Redis } from "ioredis";
import { ioredis } from "./libraries.js";

export interface RedisSettings {
  /**
   * `redis://`, `rediss://` or `unix:///path`; or `redis+sentinel://GROUP/0?sentinel=HOST:PORT&sentinel=…`, where
   * Sentinels know which Redis of a group takes writes (`rediss+sentinel:` when Redis and Sentinels speak TLS).
   */
  readonly url: string;
  readonly password?: string | undefined;
}

/** Where Sentinel listens unless told. */
const SENTINEL_PORT = 26_379;

/** A connection that waits for Redis instead of giving up: it may be restarted, or another take its place, at any time. */
export function connectRedis({ url, password }: RedisSettings): Redis {
  const common = {
    maxRetriesPerRequest: null,
    retryStrategy: (attempt: number) => Math.min(50 * attempt, 1_000),
    ...(password === undefined ? {} : { password }),
  };
  if (url.startsWith("unix:"))
    return new ioredis.Redis({ ...common, path: decodeURIComponent(new URL(url).pathname) });
  if (/^rediss?\+sentinel:/.test(url))
    return new ioredis.Redis({ ...throughSentinels(new URL(url)), ...common });
  return new ioredis.Redis(url, common);
}

/** What was a master answers writes with READONLY when it comes back as a replica: then Sentinel is asked again. */
const reconnectOnError = (error: Error) => error.message.startsWith("READONLY");

function throughSentinels({ protocol, username, password, hostname, pathname, searchParams }: URL) {
  const sentinels = searchParams.getAll("sentinel").map((address) => {
    const { hostname: host, port } = new URL(`redis://${address}`);
    return { host, port: port === "" ? SENTINEL_PORT : Number(port) };
  });
  return {
    name: hostname,
    sentinels,
    db: Number(pathname.slice(1) || 0),
    sentinelRetryStrategy: (attempt: number) => Math.min(50 * attempt, 1_000),
    reconnectOnError,
    ...(username === "" ? {} : { username: decodeURIComponent(username) }),
    ...(password === "" ? {} : { password: decodeURIComponent(password) }),
    ...(protocol === "rediss+sentinel:" ? { tls: {}, sentinelTLS: {}, enableTLSForSentinelMode: true } : {}),
  };
}
