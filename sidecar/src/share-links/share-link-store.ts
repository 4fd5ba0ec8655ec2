import type { Permission } from "../authorization/permissions.js";

export interface ShareLink {
  readonly id: number;
  /** Who made it for what: `share`, or a token type of Orthanc's authorization plugin. */
  readonly type: string;
  readonly note: string;
  readonly permissions: readonly Permission[];
  readonly studyInstanceUids: readonly string[];
  readonly createdBy: string;
  readonly createdByName: string;
  readonly createdAt: Date;
  readonly expiresAt: Date;
  /** null for any number. */
  readonly usesAllowed: number | null;
  readonly uses: number;
  readonly lastUsedAt: Date | null;
  readonly revokedAt: Date | null;
  readonly revokedBy: string | null;
}

export type NewShareLink = Omit<
  ShareLink,
  "id" | "createdAt" | "uses" | "lastUsedAt" | "revokedAt" | "revokedBy"
>;

/** Share links, by the hash of their token. */
export interface ShareLinkStore {
  add(link: NewShareLink, tokenHash: string): Promise<number>;
  byHash(tokenHash: string): Promise<ShareLink | null>;
  find(id: number): Promise<ShareLink | null>;
  /** Newest first; of one creator, or of all. */
  list(createdBy: string | null, limit: number, offset: number): Promise<ShareLink[]>;
  /** Counts a use; false when the link is over, revoked or used up: of two at once only one gets the last. */
  use(id: number): Promise<boolean>;
  /** False when it is revoked already. */
  revoke(id: number, by: string): Promise<boolean>;
}
