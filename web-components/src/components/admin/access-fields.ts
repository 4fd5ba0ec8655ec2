import { html, type TemplateResult } from "lit";
import { adminMessage } from "../../localization/admin-messages.js";
import type { Language } from "../../localization/messages.js";
import { fieldOf, listOf } from "./form-fields.js";

/** Asks what another program may do, and on which studies. */
export function accessFields(language: Language): TemplateResult {
  return html`
    <label>
      ${adminMessage(language, "permissions")}
      <input
        name="permissions"
        autocomplete="off"
        required
        placeholder=${adminMessage(language, "permissionsHelp")}
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
