import { html, type TemplateResult } from "lit";
import type { Stage } from "../../imaging/stage.js";
import { message, type Language } from "../../localization/messages.js";

/** A step narrower takes this part of the window. */
const STEP = 0.7;

/** Buttons for the window, inversion and the first view. */
export function windowTools(language: Language, stage: () => Stage | undefined): TemplateResult {
  const scale = (factor: number) => () => {
    const window = stage()?.window;
    if (window === undefined) return;
    const centre = (window.lower + window.upper) / 2;
    const half = ((window.upper - window.lower) / 2) * factor;
    stage()?.setWindow(centre - half, centre + half);
  };
  return html`
    <div class="bar" role="toolbar" aria-label=${message(language, "windowLevel")}>
      <button type="button" @click=${scale(STEP)}>${message(language, "narrow")}</button>
      <button type="button" @click=${scale(1 / STEP)}>${message(language, "wide")}</button>
      <button type="button" @click=${() => stage()?.invert()}>${message(language, "invert")}</button>
      <button type="button" @click=${() => stage()?.reset()}>${message(language, "reset")}</button>
      <span class="sub">${message(language, "keys")}</span>
    </div>
  `;
}
