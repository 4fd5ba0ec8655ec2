import { html, type TemplateResult } from "lit";
import { drawingMessage } from "../../localization/drawing-messages.js";
import { message, type Language } from "../../localization/messages.js";
import { SHORTCUTS } from "./keys.js";
import { TOOLS } from "./tool.js";

/** What the keys do on an image; shown by `?`, closed by Escape (the browser's own dialog keeps and returns the focus). */
export function shortcutsDialog(language: Language): TemplateResult {
  const row = (keys: string, what: string) =>
    html`<dt><kbd>${keys}</kbd></dt>
      <dd>${what}</dd>`;
  return html`
    <dialog class="shortcuts" aria-label=${message(language, "shortcuts")}>
      <form method="dialog">
        <h2>${message(language, "shortcuts")}</h2>
        <dl>
          ${TOOLS.map(({ key, name }) => row(key, message(language, name)))}
          ${SHORTCUTS.map(({ keys, what }) => row(keys, drawingMessage(language, what)))}
        </dl>
        <p class="sub">${message(language, "keysPointers")}</p>
        <button>${message(language, "close")}</button>
      </form>
    </dialog>
  `;
}
