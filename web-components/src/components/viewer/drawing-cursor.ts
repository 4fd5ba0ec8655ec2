import { html, nothing, type TemplateResult } from "lit";
import type { ScreenMap } from "../../imaging/screen-map.js";
import { drawingMessage, type DrawingText } from "../../localization/drawing-messages.js";
import type { Language } from "../../localization/messages.js";
import type { DrawnAnnotation } from "./annotation-layer.js";
import type { KeyboardDrawingState } from "./keyboard-drawing.js";
import { measurementLines } from "./measurement-text.js";
import { TOOLS } from "./tool.js";

/** CSS pixels from the middle of the cross to where its arms begin and end: what is under it stays to be seen. */
const ARM = [4, 14] as const;

/** The cross that is moved by keys. */
export function drawingCursor(
  state: KeyboardDrawingState | undefined,
  map: ScreenMap,
): TemplateResult | typeof nothing {
  if (state === undefined) return nothing;
  const [x, y] = map.toScreen(state.cursor);
  const [from, to] = ARM;
  const arms = [
    `M${x - to} ${y}H${x - from}`,
    `M${x + from} ${y}H${x + to}`,
    `M${x} ${y - to}V${y - from}`,
    `M${x} ${y + from}V${y + to}`,
  ].join("");
  return html`
    <svg class="annotations" aria-hidden="true">
      <path class="rim" d=${arms}></path>
      <path class="cross" d=${arms}></path>
    </svg>
  `;
}

/** What is being done by keys, for who does not see it; empty while nothing is. */
export function drawingStatus(
  state: KeyboardDrawingState | undefined,
  drawn: readonly DrawnAnnotation[],
  language: Language,
): string {
  if (state === undefined) return "";
  const text = (key: DrawingText, values?: Record<string, string | number>) =>
    drawingMessage(language, key, values);
  const [column, row] = state.cursor.map((at) => Math.floor(at) + 1);
  const place = text("drawCursor", { column: column ?? "", row: row ?? "" });
  const own = drawn.find(({ annotation }) => annotation.id === state.annotation);
  const what = own === undefined ? "" : inWords(own, language);
  switch (state.phase) {
    case "begun":
      return `${place}. ${text("drawHelp")}`;
    case "pointing":
      return own === undefined ? place : `${place}. ${text("drawPoint", { what })}`;
    case "placing":
      return `${place}. ${what}`;
    case "placed":
      return text("drawPlaced", { what });
    case "canceled":
      return text("drawCanceled");
  }
}

/** Name and value of a measurement. */
function inWords({ annotation, measurement }: DrawnAnnotation, language: Language): string {
  const name = drawingMessage(language, TOOLS.find(({ tool }) => tool === annotation.tool)?.name ?? "tools");
  return [name, ...(measurement === undefined ? [] : measurementLines(measurement, language))].join(", ");
}
