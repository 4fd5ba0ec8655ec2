import { html, type TemplateResult } from "lit";
import { message, type Language } from "../../localization/messages.js";

export interface UnsavedChoices {
  /** The correction stays, and with it the study. */
  readonly onStay: () => void;
  /** The correction is given up for the other study. */
  readonly onDiscard: () => void;
}

/** Asks whoever corrects a segmentation, when another study is to be opened: nothing is lost without their word. */
export function unsavedDialog(language: Language, { onStay, onDiscard }: UnsavedChoices): TemplateResult {
  return html`
    <dialog class="unsaved" aria-label=${message(language, "unsaved")} @cancel=${onStay}>
      <form method="dialog">
        <h2>${message(language, "unsaved")}</h2>
        <p>${message(language, "unsavedExplained")}</p>
        <button @click=${onStay}>${message(language, "unsavedStay")}</button>
        <button @click=${onDiscard}>${message(language, "unsavedDiscard")}</button>
      </form>
    </dialog>
  `;
}
