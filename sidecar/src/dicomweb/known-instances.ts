import { LRUCache } from "lru-cache";
import type { OrthancId } from "../dicom/uid.js";
import { addressOf, type InstanceAddress } from "./instance-address.js";

/** What is known of an instance that decides how it is answered. */
export interface KnownInstance {
  readonly orthancId: OrthancId;
  readonly seriesInstanceUid: string;
  readonly sopInstanceUid: string;
  readonly fileUuid: string;
  readonly transferSyntaxUid: string;
  readonly numberOfFrames: number;
  readonly rendered: boolean;
  /** Of its rendition as it was attached; null when that was not recorded. */
  readonly renditionMd5: string | null;
}

/** The index of instances, of which the program's database is the source. */
export interface InstanceIndex {
  /** Several where patients share UIDs; none when it has not arrived. */
  instancesAt(address: InstanceAddress): Promise<readonly KnownInstance[]>;
  /** In the order of series and Instance Number. */
  instancesUnder(
    studyInstanceUid: string,
    seriesInstanceUid: string | undefined,
  ): Promise<readonly KnownInstance[]>;
}

/** A viewer asks for many frames at once: for this long an instance is not looked up again. */
const REMEMBERED_MILLISECONDS = 250;

/** Instances by address. */
export class KnownInstances {
  private readonly recent = new LRUCache<string, Promise<KnownInstance | null>>({
    max: 10_000,
    ttl: REMEMBERED_MILLISECONDS,
  });

  constructor(private readonly index: InstanceIndex) {}

  /** null when it is not known, or there twice: then only the archive can say what is meant. */
  find(address: InstanceAddress): Promise<KnownInstance | null> {
    const key = addressOf(address);
    const known = this.recent.get(key);
    if (known !== undefined) return known;
    const asked = this.index
      .instancesAt(address)
      .then(([instance, ...others]) => (others.length > 0 ? null : (instance ?? null)));
    this.recent.set(key, asked);
    asked.catch(() => this.recent.delete(key));
    return asked;
  }

  under(studyInstanceUid: string, seriesInstanceUid: string | undefined): Promise<readonly KnownInstance[]> {
    return this.index.instancesUnder(studyInstanceUid, seriesInstanceUid);
  }
}
