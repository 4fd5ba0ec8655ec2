import type { Identity } from "../authorization/principal.js";
import type { LinkCreator } from "./link-creators.js";
import type { ShareLink } from "./share-link-store.js";

/**
 * Who the bearer of a link is: what the link names, and of that no more than its creator may do and reaches now. A link
 * does not outlive the right it was made with.
 * @returns null when the creator may no longer share, or is gone
 */
export function bearerOf(
  { id, permissions, studyInstanceUids }: Pick<ShareLink, "id" | "permissions" | "studyInstanceUids">,
  creator: LinkCreator | null,
): Identity | null {
  if (creator === null) return null;
  const may = creator.permissions;
  if (may !== "every" && !may.includes("share")) return null;
  return {
    subject: `share:${id}`,
    kind: "share-link",
    displayName: `share link ${id}`,
    role: null,
    permissions: may === "every" ? permissions : permissions.filter((permission) => may.includes(permission)),
    labels: creator.labels,
    patient: creator.patient,
    studyInstanceUids,
    grants: [],
  };
}
