import type { OrthancId } from "../dicom/uid.js";

/** Renditions where they are kept: attached to their instances in the archive. Each call may fail with an ArchiveError. */
export interface StoredRenditions {
  /** The whole attachment with its digest; null when the instance, or its rendition, is not there. */
  read(orthancId: OrthancId): Promise<{ readonly bytes: Uint8Array; readonly digest: string } | null>;
  /** The digest alone: of another rendition it is another. null as above. Cheap. */
  digest(orthancId: OrthancId): Promise<string | null>;
}
