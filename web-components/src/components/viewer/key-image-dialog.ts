import { html, nothing, type TemplateResult } from "lit";
import { keyImageMessage } from "../../localization/key-image-messages.js";
import type { Language } from "../../localization/messages.js";
import { KEY_IMAGE_TITLES, type KeyImageTitle } from "../../studies/key-images.js";
import { titleText } from "./key-image-title.js";

/** What somebody says of the images that they mark. */
export interface MarkForm {
  readonly title: KeyImageTitle;
  readonly description: string;
  /** All images on screen, not only the one in use. */
  readonly all: boolean;
}

export interface MarkState {
  /** Which image it is, for people. */
  readonly image: string;
  /** How many images are on screen. */
  readonly count: number;
  readonly sending: boolean;
  readonly problem: string | undefined;
  readonly onSave: (form: MarkForm) => void;
}

/** Asks what an image is marked for; closed by Escape (the browser's own dialog keeps and returns the focus). */
export function keyImageDialog(language: Language, state: MarkState): TemplateResult {
  const text = (key: Parameters<typeof keyImageMessage>[1]) => keyImageMessage(language, key);
  return html`
    <dialog class="key-image" aria-label=${text("keyImageAdd")}>
      <form
        method="dialog"
        @submit=${(event: SubmitEvent) => {
          if ((event.submitter as HTMLButtonElement | null)?.value === "cancel") return;
          event.preventDefault();
          state.onSave(formOf(event.target as HTMLFormElement));
        }}
      >
        <h2>${text("keyImageAdd")}</h2>
        <p class="sub">${state.image}</p>
        <fieldset ?disabled=${state.sending}>
          <label>
            ${text("keyImageTitle")}
            <select name="title">
              ${KEY_IMAGE_TITLES.map(
                (value) =>
                  html`<option value=${value}>
                    ${titleText({ value, scheme: "DCM", meaning: "" }, language)}
                  </option>`,
              )}
            </select>
          </label>
          <label>
            ${text("reviewComment")}
            <textarea name="description" rows="3" maxlength="1000"></textarea>
          </label>
          ${
            state.count < 2
              ? nothing
              : html`<label class="all">
                  <input type="checkbox" name="all" />
                  ${keyImageMessage(language, "keyImageAll", { count: state.count })}
                </label>`
          }
          <div class="buttons">
            <button value="save">${text("keyImageSave")}</button>
            <button value="cancel">${text("keyImageCancel")}</button>
          </div>
        </fieldset>
        ${state.problem === undefined ? nothing : html`<p class="bad" role="alert">${state.problem}</p>`}
      </form>
    </dialog>
  `;
}

function formOf(form: HTMLFormElement): MarkForm {
  const given = new FormData(form);
  const text = (name: string) => {
    const value = given.get(name);
    return typeof value === "string" ? value : "";
  };
  const title = KEY_IMAGE_TITLES.find((one) => one === text("title")) ?? "113000";
  return { title, description: text("description").trim(), all: given.has("all") };
}
