import { html, type TemplateResult } from "lit";
import { adminMessage, type AdminMessageKey } from "../../localization/admin-messages.js";
import type { Language } from "../../localization/messages.js";
import { fieldOf, listOf } from "./form-fields.js";

/**
 * Asks what another program may do, and on which studies.
 *
 * @param withoutPermissions says what becomes of it when none are named; without it, they have to be
 */
export function accessFields(language: Language, withoutPermissions?: AdminMessageKey): TemplateResult {
  const help = adminMessage(language, withoutPermissions ?? "permissionsHelp");
  return html`
    <label>
      ${adminMessage(language, "permissions")}
      <input
        name="permissions"
        autocomplete="off"
        ?required=${withoutPermissions === undefined}
        placeholder=${help}
        title=${help}
      />
    </label>
    <label>
      ${adminMessage(language, "labels")}
      <input name="labels" autocomplete="off" value="*" required />
    </label>
  `;
}

/** What was answered. */
export function accessOf(fields: FormData): { permissions: string[]; labels: string[] } {
  return { permissions: listOf(fieldOf(fields, "permissions")), labels: listOf(fieldOf(fields, "labels")) };
}
