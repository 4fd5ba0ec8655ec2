import { html, nothing, type TemplateResult } from "lit";
import { planeOf, type MeasuredPlane } from "../../imaging/measured-plane.js";
import { message, type Language } from "../../localization/messages.js";
import { depthText } from "../mpr/depth-text.js";
import { measurementLines } from "./measurement-text.js";
import { nameOf } from "./tool.js";
import type { ViewerTools } from "./viewer-tools.js";
import type { Viewport } from "./viewport.js";

export interface AnnotationPlaces {
  /** By its place in the series, from 0. */
  readonly onImage: (index: number) => void;
  readonly onPlane: (plane: MeasuredPlane) => void;
}

/**
 * The measurements that were drawn: each leads to its image or plane, and can be deleted. They are not stored.
 *
 * @param viewport in use: what was drawn on another series cannot be gone to
 */
export function annotationList(
  language: Language,
  tools: ViewerTools,
  { images = [], series }: Viewport,
  { onImage, onPlane }: AnnotationPlaces,
): TemplateResult | typeof nothing {
  const listed = tools.annotations.whole;
  if (listed.length === 0) return nothing;
  return html`
    <section aria-label=${message(language, "measurements")}>
      <h2>${message(language, "measurements")}</h2>
      <ul class="annotation-list">
        ${listed.map((annotation) => {
          const name = message(language, nameOf(annotation.tool));
          const plane = planeOf(annotation.imageId);
          const index = images.findIndex(({ imageId }) => imageId === annotation.imageId);
          const measurement = tools.measurementOf(annotation);
          const lines = measurement === undefined ? [] : measurementLines(measurement, language);
          const isHere = plane === undefined ? index >= 0 : plane.seriesInstanceUid === series;
          const place = !isHere
            ? ""
            : plane === undefined
              ? `${message(language, "image")} ${index + 1}`
              : `${message(language, plane.view.name)} ${depthText(plane)} mm`;
          return html`
            <li data-annotation=${annotation.tool}>
              <button
                type="button"
                ?disabled=${!isHere}
                @click=${() => (plane === undefined ? onImage(index) : onPlane(plane))}
              >
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
