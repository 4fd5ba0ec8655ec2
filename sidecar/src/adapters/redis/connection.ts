import { Redis } from "ioredis";

export interface RedisSettings {
  /** `redis://`, `rediss://` or `unix:///path`. */
  readonly url: string;
  readonly password?: string | undefined;
}

/** A connection that waits for Redis instead of giving up: it may be restarted at any time. */
export function connectRedis({ url, password }: RedisSettings): Redis {
  const common = {
    maxRetriesPerRequest: null,
    retryStrategy: (attempt: number) => Math.min(50 * attempt, 1_000),
    ...(password === undefined ? {} : { password }),
  };
  if (url.startsWith("unix:"))
    return new Redis({ ...common, path: decodeURIComponent(new URL(url).pathname) });
  return new Redis(url, common);
}
