import { html, type TemplateResult } from "lit";
import { SHORTEST_PASSWORD, USER_ROLES, type NewAccount } from "../../administration/accounts.js";
import { adminMessage } from "../../localization/admin-messages.js";
import { fieldOf, listOf } from "./form-fields.js";
import { submittedForm, type SubmittedFormState } from "./submitted-form.js";

export interface NewAccountFormState extends SubmittedFormState {
  /** The role that is chosen. */
  readonly role: string;
  readonly onRole: (role: string) => void;
}

/** Asks for what a new account of the role needs: a Patient ID of a patient, labels of everybody else. */
export function newAccountForm(state: NewAccountFormState): TemplateResult {
  const { language, role, onRole } = state;
  const text = (key: Parameters<typeof adminMessage>[1], values?: Record<string, string | number>) =>
    adminMessage(language, key, values);
  const fields = html`
    <label>
      ${text("username")}
      <input
        name="username"
        autocomplete="off"
        required
        pattern="[A-Za-z0-9._\\-]{1,64}"
        title=${text("usernameHelp")}
      />
    </label>
    <label>${text("displayName")}<input name="displayName" autocomplete="off" maxlength="255" /></label>
    <label>
      ${text("role")}
      <select name="role" @change=${(event: Event) => onRole((event.target as HTMLSelectElement).value)}>
        ${USER_ROLES.map(
          (name) => html`<option value=${name} .selected=${name === role}>${text(name)}</option>`,
        )}
      </select>
    </label>
    ${
      role === "patient"
        ? html`<label>${text("patientId")}<input name="patientId" autocomplete="off" required /></label>`
        : html`<label
            >${text("labels")}<input
              name="labels"
              autocomplete="off"
              placeholder=${text("labelsHelp")}
              title=${text("labelsHelp")}
          /></label>`
    }
    <label>
      ${text("password")}
      <input
        name="password"
        type="password"
        autocomplete="new-password"
        required
        minlength=${SHORTEST_PASSWORD}
        placeholder=${text("passwordHelp", { count: SHORTEST_PASSWORD })}
      />
    </label>
  `;
  return submittedForm(state, fields, "create");
}

/** The account a filled-in form asks for; what is empty is left to the server. */
export function accountOf(fields: FormData): NewAccount {
  const [displayName, patientId] = [fieldOf(fields, "displayName"), fieldOf(fields, "patientId")];
  const labels = listOf(fieldOf(fields, "labels"));
  const password = fields.get("password");
  return {
    username: fieldOf(fields, "username"),
    role: fieldOf(fields, "role"),
    // As it was typed: a password may begin or end with a space.
    password: typeof password === "string" ? password : "",
    ...(displayName === "" ? {} : { displayName }),
    ...(labels.length === 0 ? {} : { labels }),
    ...(patientId === "" ? {} : { patient: { patientId } }),
  };
}
