import { chosenFile, type ChosenFile } from "./chosen-file.js";

/** A folder or file of a drop that the browser could not read. */
export interface UnreadableEntry {
  readonly path: string;
  readonly unreadable: true;
}

/**
 * What was dropped, folders with all that is in them. To be called while the drop is being handled: afterwards the
 * browser has forgotten what it was.
 */
export function droppedFiles(transfer: DataTransfer): AsyncIterable<ChosenFile | UnreadableEntry> {
  const entries = [...transfer.items].flatMap((item) => item.webkitGetAsEntry() ?? []);
  // Files that some programs drag have no entry.
  const files = entries.length > 0 ? [] : [...transfer.files].map((file) => chosenFile(file));
  return below(entries, files);
}

async function* below(
  entries: readonly FileSystemEntry[],
  files: readonly ChosenFile[],
): AsyncGenerator<ChosenFile | UnreadableEntry> {
  yield* files;
  for (const entry of entries) yield* filesOf(entry);
}

async function* filesOf(entry: FileSystemEntry): AsyncGenerator<ChosenFile | UnreadableEntry> {
  const path = entry.fullPath.replace(/^\//, "");
  try {
    if (entry.isFile) {
      const file = await new Promise<File>((resolve, reject) => {
        (entry as FileSystemFileEntry).file(resolve, reject);
      });
      yield chosenFile(file, path);
      return;
    }
    const reader = (entry as FileSystemDirectoryEntry).createReader();
    for (;;) {
      const some = await new Promise<FileSystemEntry[]>((resolve, reject) => {
        reader.readEntries(resolve, reject);
      });
      // It gives them by the hundred, and at last none.
      if (some.length === 0) return;
      for (const one of some) yield* filesOf(one);
    }
  } catch {
    yield { path, unreadable: true };
  }
}
