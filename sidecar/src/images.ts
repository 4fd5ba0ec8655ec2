import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import type { Archive } from "./archive/archive.js";
import type { Config } from "./config.js";
import type { Connections } from "./connections.js";
import { DiskRing } from "./dicomweb/disk-ring.js";
import { KnownInstances } from "./dicomweb/known-instances.js";
import { RenditionCache } from "./dicomweb/rendition-cache.js";
import type { FrameDependencies } from "./dicomweb/retrieve-frames.js";
import type { Logger } from "./log.js";
import { voided, voidRendition } from "./renditions/verify-stored.js";
import type { Painter } from "./rendering/picture.js";
import { DrawingThreads } from "./roles/drawing-threads.js";

const MEGABYTE = 1_000_000;

export interface Images extends FrameDependencies {
  readonly dataSets: Archive;
  readonly painter: Painter;
  stop(): Promise<void>;
}

/** What the api role answers with images from. */
export async function openImages(
  config: Config,
  { archive, instanceIndex, storedRenditions, originals, state, announce, onWake }: Connections,
  log: Logger,
): Promise<Images> {
  const instances = new KnownInstances(instanceIndex);
  const memory = config.NEURONOVA_FRAME_CACHE_MEGABYTES * MEGABYTE;
  const disk = await openRing(config, log);
  const renditions = new RenditionCache(storedRenditions, instances, memory, disk, (stored) => {
    voidRendition(stored, "it is not a whole rendition of its instance", { state, announce, log }).catch(
      (error: unknown) =>
        log.warn({ err: error }, "a bad rendition was not recorded; the next request tries again"),
    );
  });
  // A bad one that any process finds is forgotten by all.
  onWake((topics) => renditions.forget(voided(topics)));
  const painter = new DrawingThreads();
  return {
    instances,
    originals,
    dataSets: archive,
    renditions,
    painter,
    async stop() {
      await painter.close();
      await disk?.close();
    },
  };
}

/** Without it frames still come, only slower: a disk that is not as it should be is told of and left alone. */
async function openRing(config: Config, log: Logger): Promise<DiskRing | undefined> {
  if (config.NEURONOVA_FRAME_DISK_CACHE_MEGABYTES === 0) return undefined;
  const directory =
    config.NEURONOVA_FRAME_CACHE_DIRECTORY ?? join(tmpdir(), `neuronova-frames-${userInfo().uid}`);
  try {
    return await DiskRing.open(directory, config.NEURONOVA_FRAME_DISK_CACHE_MEGABYTES * MEGABYTE);
  } catch (error) {
    log.warn({ err: error }, "frames are not cached on disk");
    return undefined;
  }
}
