import { html, nothing, type TemplateResult } from "lit";
import type { SeriesImage } from "../../imaging/series-images.js";
import { message, type Language } from "../../localization/messages.js";
import { measurementLines } from "./measurement-text.js";
import { nameOf } from "./tool.js";
import type { ViewerTools } from "./viewer-tools.js";

/**
 * The measurements that were drawn: each leads to its image, and can be deleted. They are not stored.
 *
 * @param images of the viewport in use
 */
export function annotationList(
  language: Language,
  tools: ViewerTools,
  images: readonly SeriesImage[],
  onGo: (index: number) => void,
): TemplateResult | typeof nothing {
  const listed = tools.annotations.whole;
  if (listed.length === 0) return nothing;
  return html`
    <section aria-label=${message(language, "measurements")}>
      <h2>${message(language, "measurements")}</h2>
      <ul class="annotation-list">
        ${listed.map((annotation) => {
          const name = message(language, nameOf(annotation.tool));
          const index = images.findIndex(({ imageId }) => imageId === annotation.imageId);
          const measurement = tools.measurementOf(annotation);
          const lines = measurement === undefined ? [] : measurementLines(measurement, language);
          const place = index < 0 ? "" : `${message(language, "image")} ${index + 1}`;
          return html`
            <li data-annotation=${annotation.tool}>
              <button type="button" ?disabled=${index < 0} @click=${() => onGo(index)}>
                ${name} <span class="sub">${place}</span><br />
                ${lines.map((line) => html`<span>${line}</span><br />`)}
              </button>
              <button
                type="button"
                aria-label="${message(language, "delete")}: ${name} ${lines[0] ?? ""}"
                @click=${() => tools.annotations.remove(annotation.id)}
              >
                ×
              </button>
            </li>
          `;
        })}
      </ul>
      <p class="sub">${message(language, "measurementsNotStored")}</p>
    </section>
  `;
}
