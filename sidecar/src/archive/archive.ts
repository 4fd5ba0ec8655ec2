import type { DataSet } from "../dicom/data-set.js";
import type { DecodedFrame, PixelFormat } from "../dicom/frame.js";
import type { Tag } from "../dicom/tag.js";
import type { OrthancId } from "../dicom/uid.js";

/** What is asked of the archive that keeps the originals (Orthanc). */
export interface Archive {
  /** @throws ArchiveError `instance-not-found` (permanent) when the archive does not hold it (any more) */
  describeInstance(orthancId: OrthancId): Promise<ArchivedInstance>;
  /** What the archive's index says of instances, in one question; those it does not hold are left out. Cheap. */
  indexedInstances(orthancIds: readonly OrthancId[]): Promise<IndexedInstance[]>;
  /**
   * Values of more than 256 bytes are left out unless their tags are named.
   * @throws ArchiveError `instance-not-found`
   */
  dataSet(orthancId: OrthancId, whole?: readonly Tag[]): Promise<DataSet>;
  /**
   * The stored file as it is; null when it is larger.
   * @param taking.allocate gives room for the file, whose owner the caller stays
   */
  readFile(
    orthancId: OrthancId,
    taking: { readonly allocate: (bytes: number) => Buffer<ArrayBuffer>; readonly largestBytes: number },
  ): Promise<Uint8Array<ArrayBuffer> | null>;
  /** Where a stored instance's file is now; null when it is gone. Cheap. */
  fileUuid(orthancId: OrthancId): Promise<string | null>;
  listInstances(): AsyncIterable<{ orthancId: OrthancId; fileUuid: string }>;
  /** The instances of every series within the filter, series by series. */
  findInstances(filter: ArchiveFilter): AsyncIterable<OrthancId[]>;
  /** Changes after a sequence number, exclusive, oldest first. */
  changesSince(
    sequence: number,
    limit: number,
  ): Promise<{ changes: ArchiveChange[]; last: number; done: boolean }>;
  /** The newest sequence number in the change log; 0 when it is empty. */
  lastChange(): Promise<number>;
  /** The bytes of one native frame as stored, little endian (frame index from 0). */
  readNativeFrame(orthancId: OrthancId, frameIndex: number): Promise<Uint8Array>;
  /** One frame decoded by the archive, whatever its transfer syntax; stored values without rescale. */
  readFrame(orthancId: OrthancId, frameIndex: number, format: PixelFormat): Promise<DecodedFrame>;
  /** Stores a Part 10 file. Storing the same SOP Instance UID again changes nothing. */
  storeInstance(file: Uint8Array): Promise<OrthancId>;
  deleteInstance(orthancId: OrthancId): Promise<void>;
  /** Every instance held of a series. */
  instancesOfSeries(seriesInstanceUid: string): Promise<OrthancId[]>;
  /**
   * Puts the pieces, one after another, in the place of what was attached. That they are whole is checked whenever they
   * are read (transcoding/open-rendition.ts).
   * @returns the MD5 of what the archive says that it has written, in hexadecimal
   */
  attachRendition(orthancId: OrthancId, pieces: readonly Uint8Array[]): Promise<string>;
  /** There is no rendition afterwards, whether there was one or not. */
  deleteRendition(orthancId: OrthancId): Promise<void>;
  /** null when the instance has no rendition. */
  readRendition(orthancId: OrthancId): Promise<Uint8Array | null>;
}

/** Undefined members leave the choice open. */
export interface ArchiveFilter {
  readonly studyInstanceUid?: string | undefined;
  /** Studies of this day or later, YYYYMMDD. */
  readonly studiesSince?: string | undefined;
  readonly modality?: string | undefined;
}

export interface ArchivedInstance {
  readonly orthancId: OrthancId;
  readonly seriesId: OrthancId;
  readonly studyId: OrthancId;
  readonly fileUuid: string;
  readonly transferSyntaxUid: string;
  readonly dataSet: DataSet;
}

/** Values as they stand in the image; empty when it has none. */
export interface IndexedInstance {
  readonly orthancId: OrthancId;
  readonly seriesId: OrthancId;
  readonly fileUuid: string;
  readonly sopInstanceUid: string;
  readonly sopClassUid: string;
  readonly transferSyntaxUid: string;
  readonly instanceNumber: string;
  readonly numberOfFrames: string;
  /** When the archive took it; null when the archive does not know. */
  readonly receivedAt: Date | null;
}

export interface ArchiveChange {
  readonly sequence: number;
  readonly type: string;
  readonly resourceId: string;
}

/** The archive refused or did not answer; whether trying again can help is decided here. */
export class ArchiveError extends Error {
  override readonly name = "ArchiveError";
  constructor(
    readonly code:
      "archive-unavailable" | "archive-busy" | "instance-not-found" | "archive-refused" | "frame-undecodable",
    readonly retryable: boolean,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
