import { randomUUID } from "node:crypto";
import { mkdir, open, stat, unlink, type FileHandle } from "node:fs/promises";
import { join } from "node:path";

/** Where bytes were written: position in an endless file, of which the newest part exists. */
export type RingPlace = number & { readonly __brand: "RingPlace" };

/**
 * A bounded file of bytes that can be had again elsewhere: the newest overwrite the oldest. It has no name, so that it
 * is gone with its process and nobody else can open it; what it loses, or cannot write, is only slower.
 */
export class DiskRing {
  /** Everything before this has been given away. */
  private head = 0;
  private broken = false;

  private constructor(
    private readonly file: FileHandle,
    private readonly size: number,
  ) {}

  /**
   * @param directory made when it is not there
   * @throws Error when it belongs to somebody else, or others may look into it
   */
  static async open(directory: string, size: number): Promise<DiskRing> {
    await mkdir(directory, { recursive: true, mode: 0o700 });
    const { uid, mode } = await stat(directory);
    if (uid !== process.getuid?.() || (mode & 0o077) !== 0)
      throw new Error(`NEURONOVA_FRAME_CACHE_DIRECTORY ${directory} must be this user's alone (mode 0700)`);
    const path = join(directory, `frames-${randomUUID()}.ring`);
    const file = await open(path, "wx+", 0o600);
    try {
      await unlink(path);
    } catch (error) {
      await file.close();
      throw error;
    }
    return new DiskRing(file, size);
  }

  /** undefined when it is too large a part of the whole, or cannot be written. */
  async write(bytes: Uint8Array): Promise<RingPlace | undefined> {
    if (this.broken || bytes.byteLength > this.size / 4) return undefined;
    const place = this.reserve(bytes.byteLength);
    try {
      for (let written = 0; written < bytes.byteLength;) {
        const at = (place % this.size) + written;
        written += (await this.file.write(bytes, written, bytes.byteLength - written, at)).bytesWritten;
      }
    } catch {
      // A full disk, most likely. Caching goes on in memory.
      this.broken = true;
      return undefined;
    }
    return this.holds(place) ? place : undefined;
  }

  /** undefined when the place has been overwritten. */
  async read(place: RingPlace, offset: number, length: number): Promise<Uint8Array | undefined> {
    if (this.broken || !this.holds(place)) return undefined;
    const bytes = Buffer.allocUnsafeSlow(length);
    for (let filled = 0; filled < length;) {
      const at = (place % this.size) + offset + filled;
      const { bytesRead } = await this.file.read(bytes, filled, length - filled, at);
      if (bytesRead === 0) return undefined;
      filled += bytesRead;
    }
    // It may have been given away meanwhile.
    return this.holds(place) ? bytes : undefined;
  }

  async close(): Promise<void> {
    this.broken = true;
    await this.file.close();
  }

  private reserve(length: number): RingPlace {
    const position = this.head % this.size;
    const start = position + length > this.size ? this.head + this.size - position : this.head;
    this.head = start + length;
    return start as RingPlace;
  }

  private holds(place: RingPlace): boolean {
    return this.head <= place + this.size;
  }
}
