import { html, svg, type TemplateResult } from "lit";
import { outline, type Annotation } from "../../imaging/annotation.js";
import type { Measurement } from "../../imaging/measure.js";
import type { Point, ScreenMap } from "../../imaging/screen-map.js";
import type { Language } from "../../localization/messages.js";
import { measurementLines } from "./measurement-text.js";

const LINE_HEIGHT = 16;

export interface DrawnAnnotation {
  readonly annotation: Annotation;
  readonly measurement: Measurement | undefined;
}

/**
 * The measurements over their image. An SVG of our own: the text boxes of cornerstone's tools are styled by the style
 * attribute, which a strict CSP forbids.
 */
export function annotationLayer(
  drawn: readonly DrawnAnnotation[],
  map: ScreenMap,
  language: Language,
): TemplateResult {
  return html`
    <svg class="annotations" aria-hidden="true">
      ${drawn.map(({ annotation, measurement }) => {
        const points = outline(annotation).map((point) => map.toScreen(point));
        const lines = measurement === undefined ? [] : measurementLines(measurement, language);
        const [x, y] = textPlace(points);
        return svg`
          <polyline points=${points.map((point) => point.join(",")).join(" ")}></polyline>
          ${annotation.points.map((point) => {
            const [cx, cy] = map.toScreen(point);
            return svg`<circle cx=${cx} cy=${cy} r="3.5"></circle>`;
          })}
          ${lines.map((line, index) => svg`<text x=${x} y=${y + index * LINE_HEIGHT}>${line}</text>`)}
        `;
      })}
    </svg>
  `;
}

/** Beside the point furthest to the right. */
export function textPlace(points: readonly Point[]): Point {
  const [x, y] = points.reduce((best, point) => (point[0] > best[0] ? point : best), points[0] ?? [0, 0]);
  return [x + 8, y + 4];
}
