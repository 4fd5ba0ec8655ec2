import type { DemoFile } from "../../src/phantom/demo-study.js";

/** The file with values replaced by others of the same length, wherever they stand. */
export function rewritten(file: DemoFile, ...changes: [from: string, to: string][]): DemoFile {
  const bytes = Buffer.from(file.bytes);
  for (const [from, to] of changes) {
    for (let at = bytes.indexOf(from); at >= 0; at = bytes.indexOf(from, at + 1))
      bytes.write(to, at, "latin1");
  }
  return { ...file, bytes: new Uint8Array(bytes) };
}

/** T1 becomes T2, which no model wants. */
export function renamed(file: DemoFile): DemoFile {
  return rewritten(file, ["T1 axial", "T2 axial"]);
}

/** The same slice once more, as another instance. */
export function twinOf(file: DemoFile): DemoFile {
  const { sopInstanceUid: uid } = file;
  const twin = uid.slice(0, -1) + (uid.endsWith("1") ? "2" : "1");
  return { ...rewritten(file, [uid, twin]), fileName: "twin.dcm" };
}
