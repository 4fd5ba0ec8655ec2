import { mkdir, readFile, readdir, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { writePart10File } from "../segmentation/part10-file.js";
import type { EmrStore } from "./emr-store.js";
import { worklistItemOf } from "./worklist-item.js";

/** Files of our own making; what else is in the folder is left alone. */
const OURS = /^neuronova-[0-9a-f-]{36}\.wl$/;
const UNFINISHED = /^neuronova-[0-9a-f-]{36}\.part$/;

/**
 * Makes the folder hold just the orders that are scheduled now, one file each. A file appears whole or not at all, and
 * is written again only when it becomes another one; a killed process leaves nothing that the next does not put right.
 */
export async function keepWorklistFiles(
  directory: string,
  store: Pick<EmrStore, "scheduledOrders">,
): Promise<{ readonly written: number; readonly removed: number }> {
  // Orthanc, which may run as another user, reads it.
  await mkdir(directory, { recursive: true, mode: 0o755 });
  const wanted = new Map<string, Uint8Array>();
  for (const scheduled of await store.scheduledOrders())
    wanted.set(`neuronova-${scheduled.order.id}.wl`, writePart10File(worklistItemOf(scheduled)));
  let [written, removed] = [0, 0];
  for (const name of await readdir(directory)) {
    if (UNFINISHED.test(name) || (OURS.test(name) && !wanted.has(name))) {
      await rm(join(directory, name), { force: true });
      removed += 1;
    }
  }
  for (const [name, bytes] of wanted) {
    const path = join(directory, name);
    const there = await readFile(path).catch(() => undefined);
    if (there?.equals(bytes)) continue;
    const part = path.replace(/\.wl$/, ".part");
    await writeFile(part, bytes, { mode: 0o644 });
    await rename(part, path);
    written += 1;
  }
  return { written, removed };
}
