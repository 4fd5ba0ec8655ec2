import { LRUCache } from "lru-cache";
import type { Archive } from "../archive/archive.js";
import type { OrthancId } from "../dicom/uid.js";
import type { StoredRendition } from "../renditions/rendition-store.js";
import type { StateReads } from "../state/state.js";
import { Rendition } from "../transcoding/open-rendition.js";

/** For this long a rendition is served without asking whether its instance is still there. */
const FRESH_MILLISECONDS = 5_000;
/** For this long an instance without rendition is not looked up again: a viewer asks for many frames at once. */
const ABSENT_MILLISECONDS = 250;

interface Entry {
  readonly rendition: Rendition;
  readonly orthancId: OrthancId;
  readonly fileUuid: string;
  /** Another one means that the rendition was made again. */
  readonly renditionMd5: string | null;
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
    /** Told of an attachment that is no rendition; its frames are answered by the original. */
    private readonly onUnreadable: (stored: StoredRendition) => void,
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

  /** Not to be served from memory any more: what is stored of these instances is bad. */
  forget(orthancIds: readonly OrthancId[]): void {
    if (orthancIds.length === 0) return;
    const gone = new Set(orthancIds);
    for (const [address, { orthancId }] of this.entries)
      if (gone.has(orthancId)) this.entries.delete(address);
  }

  private async load(address: string, study: string, series: string, sop: string): Promise<Entry | null> {
    const cached = this.entries.get(address);
    const [held, [instance, ...others]] = await Promise.all([
      cached && this.archive.fileUuid(cached.orthancId),
      this.read.locate(study, series, sop),
    ]);
    if (instance?.rendition !== "rendered" || others.length > 0) {
      this.entries.delete(address);
      return null;
    }
    // The archive says whether the file is still there, the state whether its rendition is still good.
    if (cached !== undefined && held === cached.fileUuid && cached.renditionMd5 === instance.renditionMd5) {
      cached.checkedAt = Date.now();
      return cached;
    }
    this.entries.delete(address);
    const bytes = await this.archive.readRendition(instance.orthancId);
    if (bytes === null) return null;
    const { orthancId, fileUuid, renditionMd5 } = instance;
    const rendition = opened(bytes, fileUuid);
    if (rendition === null) {
      const where = { studyInstanceUid: study, seriesInstanceUid: series, sopInstanceUid: sop };
      this.onUnreadable({ orthancId, fileUuid, renditionMd5, ...where });
      return null;
    }
    const entry = { rendition, orthancId, fileUuid, renditionMd5, checkedAt: Date.now() };
    this.entries.set(address, entry);
    return entry;
  }
}

/** null when it is broken, of a format that is not read any more, or of another file: the original is shown then. */
function opened(bytes: Uint8Array, fileUuid: string): Rendition | null {
  try {
    const rendition = Rendition.open(bytes);
    return rendition.isOf(fileUuid) ? rendition : null;
  } catch {
    return null;
  }
}

export function addressOf(
  studyInstanceUid: string,
  seriesInstanceUid: string,
  sopInstanceUid: string,
): string {
  return `${studyInstanceUid}/${seriesInstanceUid}/${sopInstanceUid}`;
}
