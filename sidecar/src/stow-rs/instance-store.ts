import type { Readable } from "node:stream";
import type { InstanceIdentity } from "../dicom/part10-identity.js";
import type { OrthancId } from "../dicom/uid.js";

/** A Part 10 file to be stored. */
export interface InstanceFile {
  readonly size: number;
  /** From the beginning; asked for again when the archive has to be asked twice. */
  readonly stream: () => Readable;
}

export type StoreOutcome =
  | {
      readonly outcome: "stored" | "already-stored";
      readonly orthancId: OrthancId;
      readonly studyId: OrthancId;
    }
  /** The archive finds nothing in it that it could keep. */
  | { readonly outcome: "not-understood" }
  /** The archive has no room, or the file is too large for it. */
  | { readonly outcome: "no-room" }
  | { readonly outcome: "refused" };

/** Where instances are kept. */
export interface InstanceStore {
  /** @throws ArchiveError `archive-unavailable`, `archive-busy` */
  store(file: InstanceFile): Promise<StoreOutcome>;
  /** Takes back what should not have been stored. */
  remove(orthancId: OrthancId): Promise<void>;
  /** What the archive itself reads in it. */
  identify(orthancId: OrthancId): Promise<Omit<InstanceIdentity, "patient">>;
}
