import { html, type TemplateResult } from "lit";
import { CLIENT_ID, type NewClient } from "../../administration/clients.js";
import { adminMessage } from "../../localization/admin-messages.js";
import { accessFields, accessOf } from "./access-fields.js";
import { fieldOf } from "./form-fields.js";
import { submittedForm, type SubmittedFormState } from "./submitted-form.js";

/** Where the public keys of a client are: here, or at an address of the client's. */
export type KeysPlace = "inline" | "address";

export interface NewClientFormState extends SubmittedFormState {
  readonly keysPlace: KeysPlace;
  readonly onKeysPlace: (place: KeysPlace) => void;
}

/** Asks for what a new client needs. */
export function newClientForm(state: NewClientFormState): TemplateResult {
  const { language, keysPlace, onKeysPlace } = state;
  const text = (key: Parameters<typeof adminMessage>[1]) => adminMessage(language, key);
  const fields = html`
    <label>
      ${text("clientId")}
      <input name="clientId" autocomplete="off" required pattern=${CLIENT_ID} title=${text("usernameHelp")} />
    </label>
    <label>${text("keyName")}<input name="name" autocomplete="off" required maxlength="255" /></label>
    ${accessFields(language)}
    <label>
      ${text("publicKeys")}
      <select
        @change=${(event: Event) => onKeysPlace((event.target as HTMLSelectElement).value as KeysPlace)}
      >
        <option value="inline" .selected=${keysPlace === "inline"}>${text("keysHere")}</option>
        <option value="address" .selected=${keysPlace === "address"}>${text("keysAtAddress")}</option>
      </select>
    </label>
    ${
      keysPlace === "address"
        ? html`<label>
            ${text("jwksUri")}
            <input name="jwksUri" type="url" autocomplete="off" required placeholder="https://" />
          </label>`
        : html`<label>
            ${text("jwks")}
            <textarea
              name="jwks"
              rows="4"
              spellcheck="false"
              required
              placeholder='{"keys": [{"kty": "EC", "kid": "…"}]}'
              @input=${(event: Event) => {
                const area = event.target as HTMLTextAreaElement;
                area.setCustomValidity(isJson(area.value) ? "" : text("notJson"));
              }}
            ></textarea>
          </label>`
    }
  `;
  return submittedForm(state, fields, "register");
}

/** The client a filled-in form asks for. */
export function clientOf(fields: FormData): NewClient {
  const jwks = fieldOf(fields, "jwks");
  return {
    clientId: fieldOf(fields, "clientId"),
    name: fieldOf(fields, "name"),
    ...accessOf(fields),
    ...(jwks === "" ? { jwksUri: fieldOf(fields, "jwksUri") } : { jwks: JSON.parse(jwks) as unknown }),
  };
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
