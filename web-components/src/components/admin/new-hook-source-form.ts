import { html, nothing, type TemplateResult } from "lit";
import type { ApiKey } from "../../administration/grants.js";
import { SOURCE_NAME, type HookType, type NewHookSource } from "../../administration/hooks.js";
import { adminMessage } from "../../localization/admin-messages.js";
import { accessFields, accessOf } from "./access-fields.js";
import { fieldOf } from "./form-fields.js";
import { HOOK_TYPES, HOOK_TYPE_NAMES } from "./hook-types.js";
import { submittedForm, type SubmittedFormState } from "./submitted-form.js";

export interface NewHookSourceFormState extends SubmittedFormState {
  /** Those that are chosen. */
  readonly types: ReadonlySet<HookType>;
  readonly onTypes: (types: ReadonlySet<HookType>) => void;
  /** Those that may be chosen to speak for it. */
  readonly keys: readonly ApiKey[];
}

/** Asks who may tell something, what, and what may come of it. */
export function newHookSourceForm(state: NewHookSourceFormState): TemplateResult {
  const { language } = state;
  const text = (key: Parameters<typeof adminMessage>[1]) => adminMessage(language, key);
  const fields = html`
    <label>
      ${text("keyName")}
      <input
        name="name"
        autocomplete="off"
        required
        pattern=${SOURCE_NAME}
        placeholder=${text("hookNameHelp")}
        title=${text("hookNameHelp")}
      />
    </label>
    <label>
      ${text("webhookDescription")}<input name="description" autocomplete="off" maxlength="255" />
    </label>
    <label>
      ${text("hookIssuer")}
      <input
        name="issuer"
        autocomplete="off"
        required
        maxlength="64"
        pattern="[^\\\\]+"
        title=${text("hookIssuerHelp")}
        placeholder=${text("hookIssuerHelp")}
      />
    </label>
    ${accessFields(language, "hookPermissionsHelp")} ${typeChoice(state)} ${keyChoice(state)}
  `;
  return submittedForm(state, fields, "register");
}

function typeChoice({ language, types, onTypes }: NewHookSourceFormState): TemplateResult {
  const onChange = (event: Event) => {
    const { value, checked } = event.target as HTMLInputElement;
    onTypes(new Set(HOOK_TYPE_NAMES.filter((name) => (name === value ? checked : types.has(name)))));
  };
  return html`<fieldset @change=${onChange}>
    <legend>${adminMessage(language, "hookTypes")}</legend>
    ${HOOK_TYPE_NAMES.map(
      (name) =>
        html`<label class="choice">
          <input type="checkbox" value=${name} .checked=${types.has(name)} ?required=${types.size === 0} />
          <span><code>${name}</code> ${adminMessage(language, HOOK_TYPES[name])}</span>
        </label>`,
    )}
  </fieldset>`;
}

function keyChoice({ language, keys }: NewHookSourceFormState): TemplateResult | typeof nothing {
  const usable = keys.filter(
    ({ revokedAt, expiresAt }) => revokedAt === null && Date.parse(expiresAt) > Date.now(),
  );
  if (usable.length === 0) return nothing;
  return html`<fieldset>
    <legend>${adminMessage(language, "hookApiKeysHelp")}</legend>
    ${usable.map(
      ({ id, name }) =>
        html`<label class="choice"><input type="checkbox" name="apiKeys" value=${id} />${name}</label>`,
    )}
  </fieldset>`;
}

/** The source a filled-in form asks for; without permissions it gets those that its types need. */
export function hookSourceOf(fields: FormData, types: ReadonlySet<HookType>): NewHookSource {
  const { permissions, labels } = accessOf(fields);
  return {
    name: fieldOf(fields, "name"),
    description: fieldOf(fields, "description"),
    issuer: fieldOf(fields, "issuer"),
    types: [...types],
    labels,
    apiKeys: fields.getAll("apiKeys").map(Number),
    ...(permissions.length === 0 ? {} : { permissions }),
  };
}
