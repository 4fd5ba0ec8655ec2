import { USER_ROLES } from "../../administration/accounts.js";
import { adminMessage } from "../../localization/admin-messages.js";
import type { Language } from "../../localization/messages.js";

/** What a role is called; one that is not known, by its own name. */
export function roleName(role: string, language: Language): string {
  const known = USER_ROLES.find((name) => name === role);
  return known === undefined ? role : adminMessage(language, known);
}
