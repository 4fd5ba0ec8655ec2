import type { Readable } from "node:stream";
import type { OrthancId } from "../dicom/uid.js";
import type { InstanceAddress } from "./instance-address.js";

/** The originals, where the sidecar answers with them itself. Each call may fail with an ArchiveError. */
export interface Originals {
  /** The bytes of one frame as they are stored, fragments put together; by number from 1. */
  storedFrame(orthancId: OrthancId, frameNumber: number): Promise<Uint8Array>;
  /** One frame, decoded: Explicit VR Little Endian. */
  decodedFrame(address: InstanceAddress, frameNumber: number): Promise<Uint8Array>;
  /** The Part 10 file as it is stored. The stream is read to its end or destroyed. */
  file(orthancId: OrthancId): Promise<OriginalFile>;
  /** Orthanc's identifier of that file, another one for each file; null when the instance is not there. */
  fileUuid(orthancId: OrthancId): Promise<string | null>;
  /** The same in Explicit VR Little Endian: the archive writes it anew. */
  explicitFile(address: InstanceAddress): Promise<OriginalFile>;
  /**
   * The archive's own answer to `…/metadata` as DICOM JSON; null when it has none.
   * @param forwarded what its addresses are made from (RFC 7239)
   */
  metadata(path: string, forwarded: string | undefined): Promise<Readable | null>;
  /** The archive's own rendering at `…/rendered`; null when it cannot. */
  rendered(path: string, mediaType: string): Promise<Uint8Array | null>;
}

export interface OriginalFile {
  readonly byteLength: number;
  readonly stream: Readable;
}
