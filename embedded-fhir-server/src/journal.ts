import type { Resource } from "@medplum/fhirtypes";
import { mkdir, open, readFile, rename, type FileHandle } from "node:fs/promises";
import { join } from "node:path";

/** One version of a resource, or the end of it. */
export type Change =
  | { readonly resource: Resource & { id: string } }
  | {
      readonly deleted: {
        readonly resourceType: Resource["resourceType"];
        readonly id: string;
        readonly at: string;
      };
    };

const FILE_NAME = "resources.journal";

/**
 * The resource versions on disk: one line of JSON per committed request, an array of changes. A line is
 * on disk (fsync) before the request is answered.
 */
export class Journal {
  private constructor(
    private readonly directory: string,
    private file: FileHandle,
    private end: number,
  ) {}

  /**
   * Opens the journal and gives what it holds, oldest first. A last line that was cut short (the machine
   * or the process died while writing; nobody was told of it) is dropped.
   *
   * @throws Error when an earlier line is not JSON: the file was damaged otherwise
   */
  static async open(directory: string): Promise<{ journal: Journal; commits: Change[][] }> {
    await mkdir(directory, { recursive: true, mode: 0o700 });
    const path = join(directory, FILE_NAME);
    const content = await readFile(path).catch(emptyWhenMissing);
    const { commits, end } = parseJournal(content, path);
    const file = await open(path, "a+", 0o600);
    if (end < content.length) {
      await file.truncate(end);
      await file.sync();
    }
    await syncDirectory(directory);
    return { journal: new Journal(directory, file, end), commits };
  }

  /**
   * @throws Error when the changes are not on disk, such as a full one; the file is then as it was
   */
  async append(changes: readonly Change[]): Promise<void> {
    const line = Buffer.from(`${JSON.stringify(changes)}\n`);
    try {
      await this.file.appendFile(line);
      await this.file.datasync();
    } catch (error) {
      await this.file.truncate(this.end);
      throw error;
    }
    this.end += line.length;
  }

  /** Replaces the whole content, all or nothing. */
  async rewrite(changes: Iterable<Change>): Promise<void> {
    const path = join(this.directory, FILE_NAME);
    const replacement = await open(`${path}.new`, "w", 0o600);
    let end = 0;
    for (const change of changes) {
      const line = Buffer.from(`${JSON.stringify([change])}\n`);
      await replacement.appendFile(line);
      end += line.length;
    }
    await replacement.sync();
    await replacement.close();
    await rename(`${path}.new`, path);
    await syncDirectory(this.directory);
    await this.file.close();
    this.file = await open(path, "a+", 0o600);
    this.end = end;
  }

  async close(): Promise<void> {
    await this.file.close();
  }
}

function parseJournal(content: Buffer, path: string): { commits: Change[][]; end: number } {
  const commits: Change[][] = [];
  let end = 0;
  for (let newline = content.indexOf(10); newline !== -1; newline = content.indexOf(10, end)) {
    const line = content.toString("utf8", end, newline);
    try {
      commits.push(JSON.parse(line) as Change[]);
    } catch (error) {
      throw new Error(`${path} is damaged at byte ${end}`, { cause: error });
    }
    end = newline + 1;
  }
  return { commits, end };
}

function emptyWhenMissing(error: NodeJS.ErrnoException): Buffer {
  if (error.code === "ENOENT") return Buffer.alloc(0);
  throw error;
}

/** A file's name is on disk only when its directory is. */
async function syncDirectory(directory: string): Promise<void> {
  const handle = await open(directory, "r");
  await handle.sync();
  await handle.close();
}
