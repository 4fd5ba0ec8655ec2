import { cache, imageLoader } from "@cornerstonejs/core";
import { replaceToken } from "./engine.js";
import { tokenOf } from "./image-registry.js";
import { dropRequest } from "./image-requests.js";

interface Load {
  readonly done: Promise<unknown>;
  readers: number;
  dropped: boolean;
}

const loads = new Map<string, Load>();

/** Whether an image is in memory. */
export function isLoaded(imageId: string): boolean {
  return cache.isLoaded(imageId);
}

/**
 * Loads an image into the cache. However many ask, it is fetched once; when the last of them has no more use for it, its
 * request ends.
 *
 * @throws what the loader says of a failure; the signal's reason
 */
export async function loadImage(imageId: string, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  const known = loads.get(imageId);
  const load = known === undefined || known.dropped ? begin(imageId, known) : known;
  load.readers += 1;
  await new Promise<void>((resolve, reject) => {
    const leave = () => {
      load.readers -= 1;
      if (load.readers === 0) {
        load.dropped = true;
        dropRequest(imageId);
      }
      reject(signal.reason as Error);
    };
    signal.addEventListener("abort", leave, { once: true });
    load.done.then(() => resolve(), reject).finally(() => signal.removeEventListener("abort", leave));
  });
}

/** @param before a load of it that was dropped and has not ended yet: the loader would hand out its failure */
function begin(imageId: string, before: Load | undefined): Load {
  const done = (before?.done ?? Promise.resolve())
    .catch(() => undefined)
    .then(() => fetchImage(imageId))
    .finally(() => {
      if (loads.get(imageId) === load) loads.delete(imageId);
    });
  const load: Load = { done, readers: 0, dropped: false };
  loads.set(imageId, load);
  return load;
}

/** A token the server refuses is replaced once. */
async function fetchImage(imageId: string): Promise<void> {
  try {
    await loadAndCache(imageId);
  } catch (error) {
    const token = tokenOf(imageId);
    if (statusOf(error) !== 401 || token === undefined) throw error;
    await replaceToken(token, imageId);
    await loadAndCache(imageId);
  }
}

/** As the loader's own, which leaves a failure unhandled beside the one it hands out. */
function loadAndCache(imageId: string): Promise<unknown> {
  const known = cache.getImageLoadObject(imageId);
  if (known !== undefined) return known.promise;
  const promise = imageLoader.loadImage(imageId);
  cache.putImageLoadObject(imageId, { promise }).catch(() => undefined);
  return promise;
}

/** The HTTP status of a failure; 0 when there was no answer, undefined when it is not one of HTTP. */
export function statusOf(error: unknown): number | undefined {
  const request = (error as { error?: unknown } | null)?.error ?? error;
  const status = (request as { status?: unknown } | null)?.status;
  return typeof status === "number" ? status : undefined;
}
