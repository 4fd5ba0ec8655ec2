import { html, type TemplateResult } from "lit";
import { message, type Language } from "../../localization/messages.js";

/** Goes through the images of the series. */
export function imageSlider(
  language: Language,
  images: number,
  index: number,
  onShow: (index: number) => void,
): TemplateResult {
  return html`
    <div class="slider">
      <input
        type="range"
        aria-label=${message(language, "image")}
        min="0"
        max=${Math.max(0, images - 1)}
        .value=${String(index)}
        ?disabled=${images < 2}
        @input=${(event: Event) => onShow(Number((event.target as HTMLInputElement).value))}
      />
    </div>
  `;
}
