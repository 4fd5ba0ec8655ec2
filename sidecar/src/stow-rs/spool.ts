import { randomUUID } from "node:crypto";
import { mkdir, open, readdir, stat, unlink, type FileHandle } from "node:fs/promises";
import type { Readable } from "node:stream";
import { join } from "node:path";

const NAME = /^upload-[0-9a-f-]{36}\.part$/;

/** A part of an upload, on disk and without a name: it is gone with the process that holds it. */
export class SpooledPart {
  private bytes = 0;

  constructor(private readonly file: FileHandle) {}

  get size(): number {
    return this.bytes;
  }

  async append(chunk: Uint8Array): Promise<void> {
    for (let written = 0; written < chunk.length;) {
      written += (await this.file.write(chunk, written, chunk.length - written, this.bytes + written))
        .bytesWritten;
    }
    this.bytes += chunk.length;
  }

  async read(position: number, length: number): Promise<Uint8Array> {
    const bytes = Buffer.allocUnsafe(Math.max(0, Math.min(length, this.bytes - position)));
    let filled = 0;
    while (filled < bytes.length) {
      const { bytesRead } = await this.file.read(bytes, filled, bytes.length - filled, position + filled);
      if (bytesRead === 0) break;
      filled += bytesRead;
    }
    return bytes.subarray(0, filled);
  }

  /** Its content, from the beginning. May be asked for again. */
  stream(): Readable {
    return this.file.createReadStream({ start: 0, autoClose: false });
  }

  async discard(): Promise<void> {
    await this.file.close();
  }
}

/** Where uploads wait until it is known whose they are: a directory that only this user may enter. */
export class Spool {
  constructor(private readonly directory: string) {}

  /**
   * Makes the directory and removes what a process left that was killed between naming a file and unnaming it.
   * @throws Error when the directory belongs to somebody else, or others may look into it
   */
  async prepare(): Promise<void> {
    await mkdir(this.directory, { recursive: true, mode: 0o700 });
    const { uid, mode } = await stat(this.directory);
    if (uid !== process.getuid?.() || (mode & 0o077) !== 0)
      throw new Error(`NEURONOVA_UPLOAD_DIRECTORY ${this.directory} must be this user's alone (mode 0700)`);
    for (const name of await readdir(this.directory)) {
      if (NAME.test(name)) await unlink(join(this.directory, name)).catch(() => undefined);
    }
  }

  async create(): Promise<SpooledPart> {
    const path = join(this.directory, `upload-${randomUUID()}.part`);
    const file = await open(path, "wx+", 0o600);
    try {
      await unlink(path);
    } catch (error) {
      await file.close();
      throw error;
    }
    return new SpooledPart(file);
  }
}
