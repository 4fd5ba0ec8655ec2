import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import type { RunningStack } from "./running-stack.js";

const run = promisify(execFile);
const AT_ONCE = 40;
const BETWEEN_ATTEMPTS_MILLISECONDS = 500;

/** Sends each file over DICOM until it is accepted, as a modality's send queue does when the archive is away. */
export async function sendLikeAModality(
  { local }: RunningStack,
  files: readonly { readonly fileName: string; readonly bytes: Uint8Array }[],
  { attempts = 60 }: { readonly attempts?: number } = {},
): Promise<void> {
  const archive = ["-to", "10", "-aec", local.dicomAet, "+sd", "127.0.0.1", String(local.ports.orthancDicom)];
  for (let start = 0; start < files.length; start += AT_ONCE) {
    const directory = await mkdtemp(join(tmpdir(), "neuronova-modality-"));
    try {
      for (const { fileName, bytes } of files.slice(start, start + AT_ONCE))
        await writeFile(join(directory, fileName), bytes);
      for (let attempt = 1; !(await sent([...archive, directory])); attempt += 1) {
        if (attempt >= attempts) throw new Error("the archive does not come back");
        await new Promise((resolve) => setTimeout(resolve, BETWEEN_ATTEMPTS_MILLISECONDS));
      }
    } finally {
      await rm(directory, { recursive: true, force: true });
    }
  }
}

function sent(args: readonly string[]): Promise<boolean> {
  // A peer that is paused answers nothing.
  return run("storescu", args, { timeout: 30_000 }).then(
    () => true,
    () => false,
  );
}
