import { LRUCache } from "lru-cache";
import type { Archive } from "../archive/archive.js";
import type { StateReads } from "../state/state.js";
import { Rendition } from "../transcoding/open-rendition.js";

/** For this long a rendition is served without asking whether its instance is still there. */
const FRESH_MILLISECONDS = 5_000;
/** For this long an instance without rendition is not looked up again: a viewer asks for many frames at once. */
const ABSENT_MILLISECONDS = 250;

interface Entry {
  readonly rendition: Rendition;
  readonly orthancId: Parameters<Archive["fileUuid"]>[0];
  readonly fileUuid: string;
  checkedAt: number;
}

/** HTJ2K renditions at hand, by DICOMweb address, within a limit of memory. Simultaneous requests load one once. */
export class RenditionCache {
  private readonly entries: LRUCache<string, Entry>;
  private readonly absent = new LRUCache<string, true>({ max: 10_000, ttl: ABSENT_MILLISECONDS });
  private readonly loading = new Map<string, Promise<Entry | null>>();

  constructor(
    private readonly archive: Archive,
    private readonly read: Pick<StateReads, "locate">,
    maxBytes: number,
  ) {
    this.entries = new LRUCache({
      maxSize: maxBytes,
      sizeCalculation: ({ rendition }) => rendition.byteLength,
    });
  }

  /** The rendition, when it is in memory and fresh: no waiting on the way of most requests. */
  peek(address: string): Rendition | undefined {
    const entry = this.entries.get(address);
    return entry !== undefined && Date.now() - entry.checkedAt < FRESH_MILLISECONDS
      ? entry.rendition
      : undefined;
  }

  /** null when the instance has no rendition (yet), is not there, or is there twice. */
  async find(
    studyInstanceUid: string,
    seriesInstanceUid: string,
    sopInstanceUid: string,
  ): Promise<Rendition | null> {
    const address = addressOf(studyInstanceUid, seriesInstanceUid, sopInstanceUid);
    if (this.absent.has(address)) return null;
    let loading = this.loading.get(address);
    if (loading === undefined) {
      loading = this.load(address, studyInstanceUid, seriesInstanceUid, sopInstanceUid).finally(() =>
        this.loading.delete(address),
      );
      this.loading.set(address, loading);
    }
    const entry = await loading;
    if (entry === null) this.absent.set(address, true);
    return entry?.rendition ?? null;
  }

  private async load(address: string, study: string, series: string, sop: string): Promise<Entry | null> {
    const cached = this.entries.get(address);
    if (cached !== undefined && (await this.archive.fileUuid(cached.orthancId)) === cached.fileUuid) {
      cached.checkedAt = Date.now();
      return cached;
    }
    this.entries.delete(address);
    const [instance, ...others] = await this.read.locate(study, series, sop);
    if (instance?.rendition !== "rendered" || others.length > 0) return null;
    const bytes = await this.archive.readRendition(instance.orthancId);
    if (bytes === null) return null;
    const rendition = openIfWhole(bytes);
    // What is broken, of an older format or of another file is not shown: the original is.
    if (rendition?.header.fileUuid !== instance.fileUuid) return null;
    const entry = {
      rendition,
      orthancId: instance.orthancId,
      fileUuid: instance.fileUuid,
      checkedAt: Date.now(),
    };
    this.entries.set(address, entry);
    return entry;
  }
}

function openIfWhole(bytes: Uint8Array): Rendition | undefined {
  try {
    return Rendition.open(bytes);
  } catch {
    return undefined;
  }
}

export function addressOf(
  studyInstanceUid: string,
  seriesInstanceUid: string,
  sopInstanceUid: string,
): string {
  return `${studyInstanceUid}/${seriesInstanceUid}/${sopInstanceUid}`;
}
