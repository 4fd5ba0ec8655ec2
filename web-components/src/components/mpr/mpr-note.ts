import { html, nothing, type TemplateResult } from "lit";
import type { Language } from "../../localization/messages.js";
import { mprMessage } from "../../localization/mpr-messages.js";

export interface MprNoteState {
  readonly language: Language;
  /** Why there is no volume. */
  readonly failure: string | undefined;
  /** Images that have come, of how many; undefined once the volume is there. */
  readonly loading: { readonly done: number; readonly all: number } | undefined;
}

/** What the planes are, beside them, and what can be done with them. */
export function mprNote({ language, failure, loading }: MprNoteState): TemplateResult {
  return html`
    <div class="note" lang=${language}>
      <p><strong>${mprMessage(language, "mprTitle")}</strong></p>
      ${failure === undefined ? nothing : html`<p role="alert">${mprMessage(language, "mprFailed")}: ${failure}</p>`}
      ${
        loading === undefined || failure !== undefined
          ? nothing
          : html`<p role="status">${mprMessage(language, "mprLoading", loading)}</p>`
      }
      <p>${mprMessage(language, "mprReformatted")}</p>
      <p>${mprMessage(language, "mprSegments")}</p>
      <p>${mprMessage(language, "mprMeasuring")}</p>
      <p>${mprMessage(language, "mprHelp")}</p>
    </div>
  `;
}
