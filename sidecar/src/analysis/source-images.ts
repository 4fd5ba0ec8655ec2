import { LRUCache } from "lru-cache";
import type { Archive, ArchivedInstance } from "../archive/archive.js";
import type { DecodedFrame, PixelFormat } from "../dicom/frame.js";
import type { InstanceRecord } from "../state/records.js";

/** What an instance's attributes take in memory, roughly: they are counted with the pixels. */
const ATTRIBUTE_BYTES = 100_000;
/** Read ahead for an analysis that never came (the series was deleted): dropped after this long. */
const KEPT_MILLISECONDS = 300_000;

interface Entry {
  readonly instance: ArchivedInstance;
  readonly frame?: DecodedFrame;
}

type Named = Pick<InstanceRecord, "orthancId" | "fileUuid">;

/**
 * Source images of analyses: attributes and the first frame, from memory when they were read ahead, else from the
 * archive. They are kept by the uuid of the stored file: an instance that was overwritten is another one.
 */
export class SourceImages {
  private readonly entries: LRUCache<string, Entry>;
  private readonly reading = new Map<string, Promise<void>>();

  constructor(
    private readonly archive: Pick<Archive, "describeInstance" | "readFrame">,
    private readonly maxBytes: number,
    /** Which format an image's frame is read in; undefined when its frame is not worth reading. */
    private readonly formatOf: (instance: ArchivedInstance) => PixelFormat | undefined,
  ) {
    this.entries = new LRUCache({
      maxSize: maxBytes,
      ttl: KEPT_MILLISECONDS,
      sizeCalculation: ({ frame }) => ATTRIBUTE_BYTES + (frame?.samples.byteLength ?? 0),
    });
  }

  /** Whether reading ahead can help: not yet read, and there is room without pushing out what was read before. */
  wants({ fileUuid }: Named): boolean {
    return (
      !this.entries.has(fileUuid) &&
      !this.reading.has(fileUuid) &&
      this.entries.calculatedSize < this.maxBytes * 0.9
    );
  }

  /** Reads an image into memory. @throws ArchiveError */
  readAhead(named: Named): Promise<void> {
    const { fileUuid } = named;
    const reading = this.load(named).finally(() => this.reading.delete(fileUuid));
    this.reading.set(fileUuid, reading);
    return reading;
  }

  /** @throws ArchiveError */
  async describe(named: Named): Promise<ArchivedInstance> {
    const { instance } = (await this.find(named)) ?? {};
    return instance ?? this.archive.describeInstance(named.orthancId);
  }

  /** A frame in the given format (index from 0). @throws ArchiveError */
  async readFrame(named: Named, frameIndex: number, format: PixelFormat): Promise<DecodedFrame> {
    const { frame } = (frameIndex === 0 ? await this.find(named) : undefined) ?? {};
    return frame !== undefined && isOf(frame, format)
      ? frame
      : this.archive.readFrame(named.orthancId, frameIndex, format);
  }

  /** The analysis is done: makes room. */
  forget(instances: readonly Named[]): void {
    for (const { fileUuid } of instances) this.entries.delete(fileUuid);
  }

  private async find({ fileUuid }: Named): Promise<Entry | undefined> {
    // A fault while reading ahead is none yet: whoever needs the image asks again and gets it first hand.
    await this.reading.get(fileUuid)?.catch(() => undefined);
    return this.entries.get(fileUuid);
  }

  private async load({ orthancId, fileUuid }: Named): Promise<void> {
    const instance = await this.archive.describeInstance(orthancId);
    if (instance.fileUuid !== fileUuid) return;
    this.entries.set(fileUuid, { instance });
    const format = this.formatOf(instance);
    if (format === undefined) return;
    const frame = await this.archive.readFrame(orthancId, 0, format);
    this.entries.set(fileUuid, { instance, frame });
  }
}

function isOf(frame: DecodedFrame, format: PixelFormat): boolean {
  return (
    frame.rows === format.rows &&
    frame.columns === format.columns &&
    frame.samplesPerPixel === format.samplesPerPixel &&
    frame.bitsAllocated === format.bitsAllocated
  );
}
