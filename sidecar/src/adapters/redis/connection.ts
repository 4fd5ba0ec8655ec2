import { isIP } from "node:net";
import type { Redis } from "ioredis";
import { redisSpeaksTls } from "../../transport-security/store-settings.js";
import { tlsFault } from "../../transport-security/tls-fault.js";
import { ioredis } from "./libraries.js";

export interface RedisSettings {
  /**
   * `redis://`, `rediss://` or `unix:///path`; or `redis+sentinel://GROUP/0?sentinel=HOST:PORT&sentinel=…`, where
   * Sentinels know which Redis of a group takes writes (`rediss+sentinel:` when Redis and Sentinels speak TLS).
   */
  readonly url: string;
  readonly password?: string | undefined;
  /** PEM, for TLS; the system's without it. */
  readonly ca?: string | undefined;
}

/** Redis is there, and is not who it should be. */
export class RedisRefused extends Error {
  override readonly name = "RedisRefused";
  readonly code = "redis-refused";
}

/** Where Sentinel listens unless told. */
const SENTINEL_PORT = 26_379;

/** Why the connection is not made, of those that wait because of TLS. */
const refusals = new WeakMap<Redis, RedisRefused>();

/** A connection that waits for Redis instead of giving up: it may be restarted, or another take its place, at any time. */
export function connectRedis({ url, password, ca }: RedisSettings): Redis {
  const common = {
    maxRetriesPerRequest: null,
    retryStrategy: (attempt: number) => Math.min(50 * attempt, 1_000),
    ...(password === undefined ? {} : { password }),
  };
  const address = new URL(url);
  const tls = ca === undefined ? {} : { ca };
  const connection =
    address.protocol === "unix:"
      ? new ioredis.Redis({ ...common, path: decodeURIComponent(address.pathname) })
      : address.protocol.endsWith("+sentinel:")
        ? new ioredis.Redis({ ...throughSentinels(address, tls), ...common })
        : new ioredis.Redis(url, { ...common, ...(redisSpeaksTls(url) ? { tls: named(address, tls) } : {}) });
  connection.on("error", (error) => {
    const why = tlsFault(error);
    if (why !== undefined)
      refusals.set(connection, new RedisRefused(`Redis is not used: ${why}`, { cause: error }));
  });
  connection.on("ready", () => refusals.delete(connection));
  return connection;
}

/** Several servers may share an address: they are told which of them is meant (RFC 6066, 3). */
function named({ hostname }: URL, tls: object): object {
  return isIP(hostname.replace(/^\[|\]$/g, "")) === 0 ? { servername: hostname, ...tls } : tls;
}

/**
 * Answers as the command does; a command waits for as long as it takes, but not for a server that is refused.
 * @throws RedisRefused when TLS is why there is no connection
 */
export async function unlessRefused<T>(connection: Redis, command: Promise<T>): Promise<T> {
  let tell: () => void = () => undefined;
  const refused = new Promise<never>((_resolve, reject) => {
    tell = () => {
      const refusal = refusals.get(connection);
      if (refusal !== undefined) reject(refusal);
    };
    connection.on("error", tell);
    tell();
  });
  try {
    return await Promise.race([command, refused]);
  } finally {
    connection.off("error", tell);
  }
}

/** What was a master answers writes with READONLY when it comes back as a replica: then Sentinel is asked again. */
const reconnectOnError = (error: Error) => error.message.startsWith("READONLY");

function throughSentinels(
  { protocol, username, password, hostname, pathname, searchParams }: URL,
  tls: object,
) {
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
    ...(protocol === "rediss+sentinel:" ? { tls, sentinelTLS: tls, enableTLSForSentinelMode: true } : {}),
  };
}
