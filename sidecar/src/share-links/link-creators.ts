import type { Permission } from "../authorization/permissions.js";
import type { Identity } from "../authorization/principal.js";

/** What whoever made a link may do and reaches at this moment. */
export type LinkCreator = Pick<Identity, "labels" | "patient"> & {
  /** `every` where only an external provider could say, which is not asked. */
  readonly permissions: readonly Permission[] | "every";
};

/** Looks up who made a link. */
export interface LinkCreators {
  /** null when the account, API key or client is gone, disabled, expired or revoked. */
  creatorOf(subject: string): Promise<LinkCreator | null>;
}
