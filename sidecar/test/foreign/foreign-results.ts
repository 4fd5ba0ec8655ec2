import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { highdicom } from "../stack/pydicom.js";

type Image = { readonly fileName: string; readonly bytes: Uint8Array };

/**
 * What another system might store in a study: `contours`, a SEG drawn by hand; `half`, one that says it covers half of
 * the field of view; `measured`, an SR of a person; `broken`, a document without content.
 */
export function foreignResults(images: readonly Image[]) {
  return made("foreign_results.py", ["contours", "half", "measured", "broken"], images);
}

/**
 * Key object documents of another system: `described`, the first two images "For Teaching" with a long description of
 * Jane Doe's; `rejection`, the last one rejected.
 */
export function foreignKeyImages(images: readonly Image[]) {
  return made("foreign_key_images.py", ["described", "rejection"], images);
}

/** What a program beside this one makes of the images, by the names of its files. */
async function made<Name extends string>(
  program: string,
  names: readonly Name[],
  images: readonly Image[],
): Promise<Record<Name, Uint8Array>> {
  const folder = await mkdtemp(join(tmpdir(), "neuronova-foreign-"));
  try {
    const files = images.map(({ fileName }) => join(folder, fileName));
    await Promise.all(images.map(({ bytes }, index) => writeFile(files[index] ?? "", bytes)));
    await highdicom(await readFile(new URL(program, import.meta.url), "utf8"), folder, ...files);
    const read: Partial<Record<Name, Uint8Array>> = {};
    for (const name of names) read[name] = await readFile(join(folder, `${name}.dcm`));
    return read as Record<Name, Uint8Array>;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
