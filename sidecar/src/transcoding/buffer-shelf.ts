/** Memory kept for the next image; what is above goes back to the system. */
const MOST_KEPT_BYTES = 32_000_000;
const ROUNDED_TO_BYTES = 65_536;

/**
 * Room for files and codestreams, used again and again: arrays of half a megabyte for each image would keep the garbage
 * collector busy for a tenth of the time that encoding takes.
 */
export class BufferShelf {
  private readonly free: ArrayBuffer[] = [];
  private keptBytes = 0;

  /** Room of this length with whatever was in it. */
  take(bytes: number): Buffer<ArrayBuffer> {
    const index = this.free.findIndex(
      ({ byteLength }) => byteLength >= bytes && byteLength <= 4 * (bytes + ROUNDED_TO_BYTES),
    );
    const [found] = index < 0 ? [] : this.free.splice(index, 1);
    if (found !== undefined) this.keptBytes -= found.byteLength;
    const room = found ?? new ArrayBuffer(Math.ceil(bytes / ROUNDED_TO_BYTES) * ROUNDED_TO_BYTES);
    return Buffer.from(room, 0, bytes);
  }

  /** Whoever gives room back must not look at it again. */
  give({ buffer }: Uint8Array<ArrayBuffer>): void {
    if (this.keptBytes + buffer.byteLength > MOST_KEPT_BYTES || this.free.includes(buffer)) return;
    this.free.push(buffer);
    this.keptBytes += buffer.byteLength;
  }
}
