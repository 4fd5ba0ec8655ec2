import { drawingMessage, type DrawingText } from "../../localization/drawing-messages.js";
import type { Language } from "../../localization/messages.js";
import type { DrawnAnnotation } from "./annotation-layer.js";
import type { KeyboardDrawingState } from "./keyboard-drawing.js";
import { measurementLines } from "./measurement-text.js";
import { nameOf } from "./tool.js";

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
  const name = drawingMessage(language, nameOf(annotation.tool));
  return [name, ...(measurement === undefined ? [] : measurementLines(measurement, language))].join(", ");
}
