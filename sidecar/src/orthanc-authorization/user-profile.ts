import { PLUGIN_PERMISSIONS } from "../authorization/permissions.js";
import { isUnrestricted, type Principal } from "../authorization/principal.js";
import type { Bearer } from "./presented-token.js";
import { VERDICT_SECONDS, validityOf } from "./validity.js";

/** The plugin's answer to `user/get-profile`. Types matter: with others it denies everything. */
export interface UserProfile {
  readonly name: string;
  readonly "user-id": string | null;
  readonly permissions: readonly string[];
  readonly "authorized-labels": readonly string[];
  readonly groups: readonly string[];
  readonly validity: number;
}

/**
 * What the plugin is told of somebody. It knows permissions and labels and nothing else: who reaches single studies (a
 * patient, a share link) has neither, so that it asks about every study.
 */
export function userProfile(bearer: Bearer): UserProfile {
  if (bearer.kind === "service") return profile("NeuroNova", "service", ["all"], ["*"], [], VERDICT_SECONDS);
  if (bearer.kind === "nobody") return profile("Anonymous", null, [], [], [], VERDICT_SECONDS);
  const { principal } = bearer;
  const { subject, displayName, role, labels } = principal;
  const groups = role === null ? [] : [role];
  const validity = validityOf(principal);
  const byStudy = principal.patientKey !== null || principal.studyInstanceUids !== null;
  if (byStudy || labels.length === 0) return profile(displayName, subject, [], [], groups, validity);
  return profile(displayName, subject, pluginPermissions(principal), labels, groups, validity);
}

/** `all` is said of nobody but administrators without restriction: it goes further than the list. */
function pluginPermissions(principal: Principal): readonly string[] {
  if (principal.role === "admin" && isUnrestricted(principal)) return ["all", ...PLUGIN_PERMISSIONS];
  return PLUGIN_PERMISSIONS.filter((permission) => principal.permissions.has(permission));
}

function profile(
  name: string,
  userId: string | null,
  permissions: readonly string[],
  labels: readonly string[],
  groups: readonly string[],
  validity: number,
): UserProfile {
  return { name, "user-id": userId, permissions, "authorized-labels": labels, groups, validity };
}
