/** The bytes ran out in the middle of something, or are not what they should be. */
export class FileFormatError extends Error {
  override readonly name = "FileFormatError";
}

/** Most that is held at once; an enhanced object of thousands of frames has some megabytes besides its pixels. */
export const LARGEST_PIECE = 256 << 20;

/** Bytes of a stream, by the number that is wanted. */
export class ByteFeed {
  private buffered: Buffer = Buffer.alloc(0);
  private readonly chunks: AsyncIterator<Uint8Array, undefined>;
  private ended = false;
  private taken = 0;

  constructor(source: AsyncIterable<Uint8Array>) {
    this.chunks = source[Symbol.asyncIterator]() as AsyncIterator<Uint8Array, undefined>;
  }

  /** How many bytes were taken or skipped. */
  get position(): number {
    return this.taken;
  }

  /** The next bytes, which stay; fewer at the end. */
  async peek(length: number): Promise<Buffer> {
    while (this.buffered.byteLength < length && !this.ended) {
      const pieces = [this.buffered];
      // Doubling: a long value is not copied again for each of its chunks.
      const enough = Math.max(length, this.buffered.byteLength * 2);
      for (let bytes = this.buffered.byteLength; bytes < enough;) {
        const chunk = await this.next();
        if (chunk === undefined) break;
        pieces.push(chunk);
        bytes += chunk.byteLength;
        if (bytes >= length) break;
      }
      this.buffered = Buffer.concat(pieces);
    }
    return this.buffered.subarray(0, length);
  }

  /** @throws FileFormatError when there are not so many, or more than {@link LARGEST_PIECE} */
  async take(length: number): Promise<Buffer> {
    if (length > LARGEST_PIECE) throw new FileFormatError("a value in it is too large to be held");
    const bytes = await this.peek(length);
    if (bytes.byteLength < length) throw new FileFormatError("the file ends too early");
    this.buffered = this.buffered.subarray(length);
    this.taken += length;
    return bytes;
  }

  /** Passes bytes over without holding them. */
  async skip(length: number): Promise<void> {
    this.taken += length;
    let left = length - this.buffered.byteLength;
    if (left <= 0) {
      this.buffered = this.buffered.subarray(length);
      return;
    }
    this.buffered = Buffer.alloc(0);
    while (left > 0) {
      const chunk = await this.next();
      if (chunk === undefined) throw new FileFormatError("the file ends too early");
      if (chunk.byteLength > left) this.buffered = chunk.subarray(left);
      left -= chunk.byteLength;
    }
  }

  /** So many bytes, as they come. */
  async *takeAll(length: number): AsyncGenerator<Buffer> {
    for (let left = length; left > 0;) {
      const some = await this.peek(1);
      if (some.byteLength === 0) throw new FileFormatError("the file ends too early");
      const bytes = await this.take(Math.min(left, this.buffered.byteLength));
      left -= bytes.byteLength;
      yield bytes;
    }
  }

  /** Everything that is left, as it comes. */
  async *rest(): AsyncGenerator<Buffer> {
    if (this.buffered.byteLength > 0) yield this.buffered;
    this.buffered = Buffer.alloc(0);
    for (let chunk = await this.next(); chunk !== undefined; chunk = await this.next()) yield chunk;
  }

  private async next(): Promise<Buffer | undefined> {
    const next: IteratorResult<Uint8Array, undefined> = await this.chunks.next();
    if (next.done === true) {
      this.ended = true;
      return undefined;
    }
    const { buffer, byteOffset, byteLength } = next.value;
    return Buffer.from(buffer, byteOffset, byteLength);
  }
}
