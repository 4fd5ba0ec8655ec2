/** A file that somebody chose or dropped, or one within an archive that they did. Its content is read when it is wanted. */
export interface ChosenFile {
  /** With the folders it was chosen in. */
  readonly path: string;
  /** Bytes. */
  readonly size: number;
  readonly open: () => Promise<Blob>;
}

export function chosenFile(file: File, path = file.webkitRelativePath || file.name): ChosenFile {
  return { path, size: file.size, open: () => Promise.resolve(file) };
}

/** Why a file is not sent. */
export type LeftOutReason =
  | "not-dicom"
  | "header-unreadable"
  | "directory-of-a-medium"
  | "unreadable"
  | "archive-unreadable"
  | "archive-encrypted"
  | "archive-in-archive"
  | "empty"
  | "chosen-twice";

/** Says why a file is not sent. */
export class LeftOut extends Error {
  override readonly name = "LeftOut";
  constructor(readonly reason: LeftOutReason) {
    super(reason);
  }
}
