import { execFile } from "node:child_process";
import { mkdir, rm, writeFile, statfs } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

/** Mounting needs root, or sudo without a password, as the set-up does. */
const asRoot = (command: string, args: readonly string[]) =>
  process.getuid?.() === 0 ? run(command, args) : run("sudo", ["-n", command, ...args]);

/** A disk of so many megabytes in memory (tmpfs), that can be filled. */
export class SmallDisk {
  private constructor(readonly folder: string) {}

  static async mount(folder: string, megabytes: number): Promise<SmallDisk> {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const owner = `uid=${process.getuid?.() ?? 0},gid=${process.getgid?.() ?? 0}`;
    await asRoot("mount", ["-t", "tmpfs", "-o", `size=${megabytes}m,mode=700,${owner}`, "tmpfs", folder]);
    return new SmallDisk(folder);
  }

  /** Nothing more can be written. */
  async fill(): Promise<void> {
    const { bavail, bsize } = await statfs(this.folder);
    await writeFile(this.filler, Buffer.alloc(Math.max(0, bavail * bsize - 4_096))).catch(
      (error: unknown) => {
        // Somebody else wrote meanwhile: full is what it should be.
        if ((error as NodeJS.ErrnoException).code !== "ENOSPC") throw error;
      },
    );
  }

  async free(): Promise<void> {
    await rm(this.filler, { force: true });
  }

  async unmount(): Promise<void> {
    await asRoot("umount", ["-l", this.folder]);
  }

  private get filler(): string {
    return join(this.folder, "filler");
  }
}
