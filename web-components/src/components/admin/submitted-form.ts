import { html, type TemplateResult } from "lit";
import { adminMessage, type AdminMessageKey } from "../../localization/admin-messages.js";
import type { Language } from "../../localization/messages.js";

/** What a form for something new is told, whatever its fields are. */
export interface SubmittedFormState {
  readonly language: Language;
  /** What was asked for before is under way. */
  readonly busy: boolean;
  readonly onSubmit: (form: HTMLFormElement) => void;
}

/** A form with its fields and the button that submits them. */
export function submittedForm(
  { language, busy, onSubmit }: SubmittedFormState,
  fields: TemplateResult,
  submit: AdminMessageKey,
): TemplateResult {
  return html`
    <form
      @submit=${(event: SubmitEvent) => {
        event.preventDefault();
        onSubmit(event.target as HTMLFormElement);
      }}
    >
      ${fields}
      <button type="submit" class="primary" ?disabled=${busy}>${adminMessage(language, submit)}</button>
    </form>
  `;
}
