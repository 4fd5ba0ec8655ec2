import { LeftOut, type ChosenFile, type LeftOutReason } from "./chosen-file.js";

/** Of a file, or of one within an archive. */
const SIGNATURE = [0x50, 0x4b];
/** Of a local file header, of an archive without files, of one in several pieces. */
const KINDS = ["3,4", "5,6", "7,8"];

export async function isZip(blob: Blob): Promise<boolean> {
  const [p, k, ...kind] = new Uint8Array(await blob.slice(0, 4).arrayBuffer());
  return p === SIGNATURE[0] && k === SIGNATURE[1] && KINDS.includes(kind.join());
}

/**
 * The files of a ZIP archive. It is read where its directory says, not as a whole; each file is unpacked when it is opened.
 *
 * @throws LeftOut `archive-unreadable`
 */
export async function* filesInZip(archive: Blob, path: string): AsyncGenerator<ChosenFile> {
  // Only who drops an archive fetches what reads it.
  const { BlobReader, BlobWriter, ERR_ENCRYPTED, ZipReader, configure } =
    await import("@zip.js/zip.js/lib/zip-core-native.js");
  // By the browser's own DecompressionStream: a page's policy may forbid workers of blobs.
  configure({ useWebWorkers: false });
  const reader = new ZipReader(new BlobReader(archive));
  try {
    for await (const entry of reader.getEntriesGenerator()) {
      if (entry.directory) continue;
      const { encrypted, filename, uncompressedSize } = entry;
      yield {
        path: `${path}/${filename}`,
        size: uncompressedSize,
        open: async () => {
          if (encrypted) throw new LeftOut("archive-encrypted");
          try {
            const blob = await entry.getData(new BlobWriter(), { checkSignature: true });
            if (await isZip(blob)) throw new LeftOut("archive-in-archive");
            return blob;
          } catch (error) {
            throw error instanceof LeftOut ? error : new LeftOut(reasonOf(error, ERR_ENCRYPTED));
          }
        },
      };
    }
  } catch {
    throw new LeftOut("archive-unreadable");
  }
}

function reasonOf(error: unknown, encrypted: string): LeftOutReason {
  return error instanceof Error && error.message === encrypted ? "archive-encrypted" : "archive-unreadable";
}
