import { LRUCache } from "lru-cache";
import type { OrthancId } from "../dicom/uid.js";
import type { StoredRendition } from "../renditions/rendition-store.js";
import { Rendition } from "../transcoding/open-rendition.js";
import type { DiskRing, RingPlace } from "./disk-ring.js";
import { addressOf, type InstanceAddress } from "./instance-address.js";
import type { KnownInstance, KnownInstances } from "./known-instances.js";
import type { StoredRenditions } from "./stored-renditions.js";

/** For this long a rendition is served without asking whether it is still there. */
const FRESH_MILLISECONDS = 5_000;
const INDEX_BYTES = 64_000_000;
/** A rendition beyond this part of the memory brings only the frames that were asked for. */
const SHARE_OF_MEMORY = 4;

/** A rendition whose frames are at hand, or can be had. */
export interface CachedRendition {
  readonly instance: KnownInstance;
  /** Names the content: another rendition has another. */
  readonly digest: string;
  readonly numberOfFrames: number;
}

interface Entry extends CachedRendition {
  /** Of each frame, in the attachment. */
  readonly offsets: Float64Array;
  readonly lengths: Float64Array;
  place: RingPlace | undefined;
  checkedAt: number;
}

/**
 * Frames of HTJ2K renditions: in memory, else on disk, else from the archive, which gives whole renditions only.
 * Simultaneous requests load one once (docs/decisions/0006-frames-from-memory-then-disk.md).
 */
export class RenditionCache {
  private readonly entries = new LRUCache<string, Entry>({
    max: 100_000,
    maxSize: INDEX_BYTES,
    sizeCalculation: ({ numberOfFrames }) => 500 + 16 * numberOfFrames,
  });
  private readonly frames: LRUCache<string, Uint8Array>;
  private readonly loading = new Map<string, Promise<Entry | null>>();

  constructor(
    private readonly stored: StoredRenditions,
    private readonly known: KnownInstances,
    private readonly maxBytes: number,
    private readonly disk: Pick<DiskRing, "read" | "write"> | undefined,
    /** Told of an attachment that is no rendition of its instance; its frames are answered by the original. */
    private readonly onUnreadable: (stored: StoredRendition) => void,
  ) {
    this.frames = new LRUCache({ maxSize: maxBytes, sizeCalculation: ({ byteLength }) => byteLength });
  }

  /** The rendition, when it is known and fresh: no waiting on the way of most requests. */
  peek(address: InstanceAddress): CachedRendition | undefined {
    const entry = this.entries.get(addressOf(address));
    return entry !== undefined && Date.now() - entry.checkedAt < FRESH_MILLISECONDS ? entry : undefined;
  }

  /**
   * @param wanted numbers of the frames that will be asked for
   * @returns null when the instance has no rendition (yet), is not there, or is there twice
   */
  async find(address: InstanceAddress, wanted: readonly number[]): Promise<CachedRendition | null> {
    const key = addressOf(address);
    let loading = this.loading.get(key);
    if (loading === undefined) {
      loading = this.load(key, address, wanted).finally(() => this.loading.delete(key));
      this.loading.set(key, loading);
    }
    return loading;
  }

  /** The frames, when all are in memory. */
  framesAtHand({ digest }: CachedRendition, numbers: readonly number[]): readonly Uint8Array[] | undefined {
    const frames: Uint8Array[] = [];
    for (const number of numbers) {
      const frame = this.frames.get(`${digest}/${number}`);
      if (frame === undefined) return undefined;
      frames.push(frame);
    }
    return frames;
  }

  /** @returns null when the rendition has gone since it was found */
  async readFrames(
    rendition: CachedRendition,
    numbers: readonly number[],
  ): Promise<readonly Uint8Array[] | null> {
    const entry = rendition as Entry;
    const frames: Uint8Array[] = [];
    let whole: Rendition | undefined;
    for (const number of numbers) {
      let frame = this.frames.get(`${entry.digest}/${number}`) ?? (await this.fromDisk(entry, number));
      if (frame === undefined) {
        whole ??= await this.fetchAgain(entry, numbers);
        frame = whole?.frame(number);
      }
      if (frame === undefined) return null;
      frames.push(frame);
    }
    return frames;
  }

  /** Every frame in order, without making a place for them: what is downloaded once is not looked at again soon. */
  async readWhole(rendition: CachedRendition): Promise<readonly Uint8Array[] | null> {
    const entry = rendition as Entry;
    const numbers = Array.from({ length: entry.numberOfFrames }, (_, index) => index + 1);
    const atHand = this.framesAtHand(entry, numbers);
    if (atHand !== undefined) return atHand;
    const stored = await this.stored.read(entry.instance.orthancId);
    if (stored?.digest !== entry.digest) return null;
    const rendered = opened(stored.bytes, entry.instance.fileUuid);
    return rendered === null ? null : numbers.flatMap((number) => rendered.frame(number) ?? []);
  }

  /** Not to be served any more: what is stored of these instances is bad. */
  forget(orthancIds: readonly OrthancId[]): void {
    if (orthancIds.length === 0) return;
    const gone = new Set(orthancIds);
    // Frames are found by way of their entry.
    for (const [key, { instance }] of this.entries)
      if (gone.has(instance.orthancId)) this.entries.delete(key);
  }

  private async fromDisk(entry: Entry, number: number): Promise<Uint8Array | undefined> {
    if (entry.place === undefined || this.disk === undefined) return undefined;
    const [offset, length] = [entry.offsets[number - 1], entry.lengths[number - 1]];
    if (offset === undefined || length === undefined) return undefined;
    const frame = await this.disk.read(entry.place, offset, length);
    if (frame === undefined) entry.place = undefined;
    else this.frames.set(`${entry.digest}/${number}`, frame);
    return frame;
  }

  private async fetchAgain(entry: Entry, wanted: readonly number[]): Promise<Rendition | undefined> {
    const stored = await this.stored.read(entry.instance.orthancId);
    if (stored?.digest !== entry.digest) return undefined;
    const rendition = opened(stored.bytes, entry.instance.fileUuid);
    if (rendition === null) return undefined;
    await this.keep(entry, rendition, stored.bytes, wanted);
    return rendition;
  }

  private async load(
    key: string,
    address: InstanceAddress,
    wanted: readonly number[],
  ): Promise<Entry | null> {
    const cached = this.entries.get(key);
    const instance = await this.known.find(address);
    if (instance?.rendered !== true) {
      this.entries.delete(key);
      return null;
    }
    if (cached?.instance.orthancId === instance.orthancId) {
      if ((await this.stored.digest(instance.orthancId)) === cached.digest) {
        cached.checkedAt = Date.now();
        return cached;
      }
    }
    this.entries.delete(key);
    const stored = await this.stored.read(instance.orthancId);
    if (stored === null) return null;
    const { bytes, digest } = stored;
    const rendition = opened(bytes, instance.fileUuid);
    if (rendition === null) {
      const { orthancId, fileUuid, renditionMd5 } = instance;
      this.onUnreadable({ ...address, orthancId, fileUuid, renditionMd5 });
      return null;
    }
    const count = rendition.numberOfFrames;
    const entry: Entry = {
      instance,
      digest,
      numberOfFrames: count,
      offsets: new Float64Array(count),
      lengths: new Float64Array(count),
      place: undefined,
      checkedAt: Date.now(),
    };
    for (let index = 0; index < count; index += 1) {
      const frame = rendition.frame(index + 1);
      entry.offsets[index] = (frame?.byteOffset ?? 0) - bytes.byteOffset;
      entry.lengths[index] = frame?.byteLength ?? 0;
    }
    this.entries.set(key, entry);
    await this.keep(entry, rendition, bytes, wanted);
    return entry;
  }

  /** In memory and on disk, as far as there is room for it. */
  private async keep(
    entry: Entry,
    rendition: Rendition,
    bytes: Uint8Array,
    wanted: readonly number[],
  ): Promise<void> {
    const fits = bytes.byteLength <= this.maxBytes / SHARE_OF_MEMORY;
    const numbers = fits ? Array.from(entry.lengths, (_, index) => index + 1) : wanted;
    for (const number of numbers) {
      const frame = rendition.frame(number);
      // Of several frames each has bytes of its own, or the first to stay would hold all the others.
      if (frame !== undefined)
        this.frames.set(`${entry.digest}/${number}`, entry.numberOfFrames === 1 ? frame : Buffer.from(frame));
    }
    const writing = this.disk?.write(bytes).then((place) => (entry.place = place));
    // What is not in memory as a whole is soon asked for from disk.
    if (!fits) await writing;
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
