import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { highdicom } from "../stack/pydicom.js";

const PROGRAM = new URL("foreign_results.py", import.meta.url);
const MADE = ["contours", "half", "measured", "broken"] as const;

/**
 * What another system might store in a study: `contours`, a SEG drawn by hand; `half`, one that says it covers half of
 * the field of view; `measured`, an SR of a person; `broken`, a document without content.
 */
export async function foreignResults(
  images: readonly { readonly fileName: string; readonly bytes: Uint8Array }[],
): Promise<Record<(typeof MADE)[number], Uint8Array>> {
  const folder = await mkdtemp(join(tmpdir(), "neuronova-foreign-"));
  try {
    const files = images.map(({ fileName }) => join(folder, fileName));
    await Promise.all(images.map(({ bytes }, index) => writeFile(files[index] ?? "", bytes)));
    await highdicom(await readFile(PROGRAM, "utf8"), folder, ...files);
    const [contours, half, measured, broken] = await Promise.all(
      MADE.map((name) => readFile(join(folder, `${name}.dcm`))),
    );
    if (!contours || !half || !measured || !broken) throw new Error("not all of it was made");
    return { contours, half, measured, broken };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
