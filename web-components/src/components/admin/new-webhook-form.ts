import { html, type TemplateResult } from "lit";
import type { NewWebhook } from "../../administration/webhooks.js";
import { adminMessage } from "../../localization/admin-messages.js";
import { fieldOf, listOf } from "./form-fields.js";
import { submittedForm, type SubmittedFormState } from "./submitted-form.js";

/** Asks whom to tell, of which events and of which studies. */
export function newWebhookForm(state: SubmittedFormState): TemplateResult {
  const text = (key: Parameters<typeof adminMessage>[1]) => adminMessage(state.language, key);
  const fields = html`
    <label>
      ${text("webhookUrl")}
      <input name="url" type="url" autocomplete="off" required maxlength="2048" placeholder="https://" />
    </label>
    <label>
      ${text("webhookDescription")}<input name="description" autocomplete="off" maxlength="255" />
    </label>
    <label>
      ${text("webhookEvents")}
      <input
        name="events"
        autocomplete="off"
        required
        placeholder=${text("webhookEventsHelp")}
        title=${text("webhookEventsHelp")}
      />
    </label>
    <label>
      ${text("webhookModalities")}
      <input name="modalities" autocomplete="off" placeholder=${text("webhookModalitiesHelp")} />
    </label>
    <label>
      ${text("webhookLabels")}
      <input name="labels" autocomplete="off" placeholder=${text("webhookLabelsHelp")} />
    </label>
  `;
  return submittedForm(state, fields, "create");
}

/** The webhook a filled-in form asks for. */
export function webhookOf(fields: FormData): NewWebhook {
  return {
    url: fieldOf(fields, "url"),
    description: fieldOf(fields, "description"),
    events: listOf(fieldOf(fields, "events")),
    filter: {
      modalities: listOf(fieldOf(fields, "modalities")),
      labels: listOf(fieldOf(fields, "labels")),
    },
  };
}
