import type { RunningStack } from "./running-stack.js";

const FROM = Buffer.from("1.2.840.10008.1.2.4.202");
const TO = Buffer.from("1.2.840.10008.1.2.4.201");

/**
 * The instance at this path as one that some modality could have stored as HTJ2K (.201): its rendition as a file, which
 * is what .201 allows too, with UIDs of its own.
 */
export async function asHtj2kOriginal(stack: RunningStack, path: string): Promise<Buffer> {
  const response = await stack.fetch(path, {
    headers: { Accept: "application/dicom; transfer-syntax=1.2.840.10008.1.2.4.202" },
  });
  if (response.status !== 200) throw new Error(`no HTJ2K file: HTTP ${response.status}`);
  const file = Buffer.from(await response.arrayBuffer());
  TO.copy(file, file.indexOf(FROM));
  for (const uid of path.split("/").filter((part) => part.includes("."))) {
    const digit = uid.endsWith("7") ? "8" : "7";
    for (let at = file.indexOf(uid); at >= 0; at = file.indexOf(uid, at + 1))
      file.write(digit, at + uid.length - 1, "latin1");
  }
  return file;
}
