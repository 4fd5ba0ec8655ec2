import { execFile } from "node:child_process";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { inject } from "vitest";

declare module "vitest" {
  interface ProvidedContext {
    /** A stack's directory after its first start. */
    readonly preparedDirectory: string;
  }
}

const run = promisify(execFile);

/** What is in them after a start is the same for every stack: tables, the accounts and their secrets, an empty archive. */
const COPIED = ["data/mariadb", "data/orthanc", "data/accounts-were-put", "secrets"];

/** Fills the directory of a stack that was never started with what the first start would make. */
export async function copyPrepared(directory: string): Promise<void> {
  const prepared = inject("preparedDirectory");
  await mkdir(join(directory, "data"), { recursive: true, mode: 0o700 });
  for (const path of COPIED)
    // The database's log is nearly all holes.
    await run("cp", ["-a", "--sparse=always", join(prepared, path), join(directory, path)]);
}
